//===- MgpcModel.h - what an MGPC neuron learns -----------------*- C++ -*-===//
//
// Bases by grain, their gradients, and Adam's steps on them (CONVERSION 5.2).
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_CONVERT_MGPCMODEL_H
#define SYNFIRE_COMPILER_CONVERT_MGPCMODEL_H

#include "compiler/convert/MgpcKernels.h"
#include "compiler/convert/PhaseCodes.h"

#include <vector>

namespace synfire {

/// All bases 2; `offset` in units of the last threshold.
MgpcTable binaryTable(std::vector<int> grain, double offset);

/// base[g(t)]^-t, t = 1..T, for thresholds, decrements and payloads.
StepTable toStepTable(const MgpcTable &table);

/// Derivatives by the bases of values base[g(t)]^-t from those by the values:
/// the sum over the grain's steps of -t * base^-(t+1) * dL/dvalue(t).
std::vector<double> baseGradient(const std::vector<int> &grain,
                                 const std::vector<double> &base,
                                 const std::vector<double> &valueGradient);

/// Which parameters may move.
struct MgpcFreedom {
  bool tied = false;   ///< decrements share the bases of thresholds
  bool offset = false; ///< v0 moves with thresholds and decrements
};

/// What bases move per step, in units of 2^-T: the first values of a train of
/// base B change by their share of a base's change, so a rate that suits T = 8
/// (the authors': 1e-4 to 1e-3) overshoots the last threshold at T = 12.
double adamRate(double rate, int steps);

/// Adam on one table; bases and v0 stay where a train still makes sense.
class MgpcOptimiser {
public:
  MgpcOptimiser(const MgpcTable &start, MgpcFreedom freedom);

  const MgpcTable &table() const { return current; }
  void stepDynamics(const StepGradient &gradient, double rate);
  void stepPayloads(const StepGradient &gradient, double rate);

private:
  struct Adam {
    std::vector<double> mean, square;
    int steps = 0;
    std::vector<double> moves(const std::vector<double> &gradient, double rate);
  };
  MgpcTable current;
  MgpcFreedom freedom;
  Adam dynamics, payloads;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_MGPCMODEL_H
