//===- StreamedUnits.h - neurons of the streamed codes ----------*- C++ -*-===//
//
// Dual-IS (CONVERSION section 4) and the rate-coded baselines (section 6) as
// configurations of the one unit. Thresholds are real; the membrane has guard
// bits below a threshold's unit.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_STREAMEDUNITS_H
#define SYNFIRE_COMPILER_CONVERT_STREAMEDUNITS_H

#include "compiler/convert/ConversionOptions.h"
#include "compiler/convert/SiteCoding.h"

namespace synfire {

/// What every streamed neuron has. A train's code is the sum of what it
/// delivers over all frames; its real value is the estimate of the whole input,
/// of which a frame brings about x / T. One frame: the units are AllAtOnce.
struct StreamedParameters {
  int frames = 1; ///< T
  /// theta, real. IS, ST-BIF: what one level adds to the value. Rates (IF,
  /// ECMT, STA), whose value is a mean over frames: theta / T is.
  double threshold = 1;
  double initial = 0.5; ///< v0 / theta, 0 <= initial < 1; ECMT, STA: no v0
};

/// IS neuron: levels L, alpha in units of a level, delivered as s - alpha.
/// `average`: the avg ablation. `unfold`: a frame is one constant spike of
/// -alpha (none for alpha 0) and L steps of single spikes (4.4).
struct IsParameters : StreamedParameters {
  int levels = 1;
  double alpha = 0;
  bool average = false;
  bool unfold = false;
};
Result<TableUnit> makeIsUnit(const IsParameters &parameters);
/// L and alpha of the n-bit signed quantiser in `frames` steps.
struct IsShape {
  int levels = 1;
  double alpha = 0;
};
Result<IsShape> isShape(int bits, int frames, IsOffset offset);

/// IF with subtraction, theta / T a spike where `threshold` is the full scale
/// lam; `twoSided` sends negative spikes too (signed sites), where both signs'
/// thresholds are theta - v0 and v starts at 0. QCFS, FAS.
Result<TableUnit> makeIfUnit(const StreamedParameters &parameters,
                             bool twoSided);
/// The IF neuron with SRP's mask or COS's shift after a rehearsal of
/// `rehearsalSteps`.
Result<TableUnit> makeRehearsedIfUnit(const StreamedParameters &parameters,
                                      bool twoSided, Rehearsal rehearsal,
                                      int rehearsalSteps);
/// SpikeZIP: theta, tracer within [minimum, maximum] levels.
Result<TableUnit> makeStBifUnit(const StreamedParameters &parameters,
                                int minimum, int maximum);
/// ECMT: levels lam * 2^k, k < count, both signs; `threshold` is lam.
Result<TableUnit> makeEcmtUnit(const StreamedParameters &parameters, int count);
/// STA: bipolar with memory and bursts of half-threshold spikes. `twoSided`:
/// its pair of encoders (relu(x), -relu(-x)) as one neuron whose net value may
/// have either sign.
Result<TableUnit> makeStaUnit(const StreamedParameters &parameters,
                              bool twoSided = false);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_STREAMEDUNITS_H
