//===- Functions.cpp - the nonlinearities of a transformer ----------------===//
#include "compiler/convert/Functions.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace synfire {

const char *toString(Nonlinearity function) {
  switch (function) {
  case Nonlinearity::Square:
    return "square";
  case Nonlinearity::InverseSquareRoot:
    return "rsqrt";
  case Nonlinearity::Exp:
    return "exp";
  case Nonlinearity::Reciprocal:
    return "reciprocal";
  case Nonlinearity::SiLU:
    return "silu";
  }
  return "";
}

double evaluate(Nonlinearity function, double x) {
  switch (function) {
  case Nonlinearity::Square:
    return x * x;
  case Nonlinearity::InverseSquareRoot:
    return x > 0 ? 1 / std::sqrt(x) : std::numeric_limits<double>::infinity();
  case Nonlinearity::Exp:
    return x < 0 ? std::exp(x) : 1;
  case Nonlinearity::Reciprocal:
    return x > 0 ? 1 / x : std::numeric_limits<double>::infinity();
  case Nonlinearity::SiLU:
    return x / (1 + std::exp(-x));
  }
  return 0;
}

double evaluateCode(Nonlinearity function, double x, double outputScale,
                    int steps) {
  const double largest = std::ldexp(1.0, steps) - 1;
  return std::clamp(evaluate(function, x) / outputScale, -largest, largest);
}

std::optional<double> turningPoint(Nonlinearity function) {
  if (function == Nonlinearity::SiLU)
    return -1.2784645427610738;
  return std::nullopt;
}

bool relativeErrorCounts(Nonlinearity function) {
  return function == Nonlinearity::InverseSquareRoot ||
         function == Nonlinearity::Reciprocal;
}

} // namespace synfire
