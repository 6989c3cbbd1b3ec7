//===- Functions.h - the nonlinearities of a transformer --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_CONVERT_FUNCTIONS_H
#define SYNFIRE_COMPILER_CONVERT_FUNCTIONS_H

#include <cstdint>
#include <optional>

namespace synfire {

enum class Nonlinearity : std::uint8_t {
  Square,
  InverseSquareRoot, ///< of x > 0; infinite otherwise
  Exp,               ///< of x <= 0, as softmax needs it; 1 above
  Reciprocal,        ///< of x > 0; infinite otherwise
  SiLU
};

/// The name that LookupTable::function carries: "square", "rsqrt", "exp",
/// "reciprocal", "silu".
const char *toString(Nonlinearity function);

double evaluate(Nonlinearity function, double x);

/// The function in units of an output code of `steps` bits, saturated to what
/// the bits can carry: what look-up tables and FS banks approximate.
double evaluateCode(Nonlinearity function, double x, double outputScale,
                    int steps);

/// Where the function turns between falling and rising away from zero.
std::optional<double> turningPoint(Nonlinearity function);

/// True where a result scales what it is multiplied with (norm, softmax), so
/// that its relative error is what reaches the model.
bool relativeErrorCounts(Nonlinearity function);

} // namespace synfire

#endif // SYNFIRE_COMPILER_CONVERT_FUNCTIONS_H
