//===- LasMethod.h - LAS and the rounding phase code everywhere -*- C++ -*-===//
//
// The methods that leave nothing to the digital unit (CONVERSION section 3):
// `las`, and `phase`, the rounding phase code in its place.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_LASMETHOD_H
#define SYNFIRE_COMPILER_CONVERT_LASMETHOD_H

#include "compiler/convert/Methods.h"

namespace synfire {

/// Sites that need the finer code of wideSteps: whatever is added up over
/// layers, squared, or rounded once more by a rotation.
bool isWide(SiteKind kind);

/// The OAT or rounding code of one site by the method and T of the options.
PhaseUnit phaseUnit(const SiteStatistics &statistics,
                    const ConversionOptions &options, bool wide);

/// Codings for every value site; functions spike by HG, or belong to the
/// digital unit with options.nonlinear "digital".
MethodPlan planLas;

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_LASMETHOD_H
