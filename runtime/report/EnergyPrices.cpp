//===- EnergyPrices.cpp - what one event costs, with sources --------------===//
#include "runtime/report/EnergyPrices.h"

#include <cmath>

namespace synfire {

namespace prices {

#define SYNFIRE_HOROWITZ "Horowitz, ISSCC 2014"

const EnergyConstant floatAdd = {0.9, SYNFIRE_HOROWITZ};
const EnergyConstant floatMultiply = {3.7, SYNFIRE_HOROWITZ};
const EnergyConstant floatMac = {4.6, SYNFIRE_HOROWITZ " (3.7 + 0.9)"};
const EnergyConstant memoryWord = {
    5, SYNFIRE_HOROWITZ
    ", half a 64-bit read of an 8 KB SRAM; the papers' figure"};
const EnergyConstant spikedNeuron = {16.4,
                                     "SpikedAttention's cost code (5 + 3.7 + "
                                     "3*0.9 + 5), as MGPC Eq. 59 uses it"};
const EnergyConstant neuronStep = {
    16.4, "SpikedAttention's cost code (5 + 3.7 + 3*0.9 + 5)"};
const EnergyConstant integerAdd8 = {0.03, SYNFIRE_HOROWITZ};
const EnergyConstant integerAdd16 = {0.05, SYNFIRE_HOROWITZ};
const EnergyConstant integerAdd32 = {0.1, SYNFIRE_HOROWITZ};
const EnergyConstant integerMultiply8 = {0.2, SYNFIRE_HOROWITZ};
const EnergyConstant integerMultiply32 = {3.1, SYNFIRE_HOROWITZ};
const EnergyConstant sramRead8K = {10, SYNFIRE_HOROWITZ};
const EnergyConstant sramRead32K = {20, SYNFIRE_HOROWITZ};
const EnergyConstant sramRead1M = {100, SYNFIRE_HOROWITZ};

#undef SYNFIRE_HOROWITZ

} // namespace prices

namespace {

/// The value at x of the line through (x0, y0) and (x1, y1).
double line(double x, double x0, double y0, double x1, double y1) {
  return y0 + (y1 - y0) * (x - x0) / (x1 - x0);
}

} // namespace

double integerAddPicoJoules(int bits) {
  using namespace prices;
  if (bits <= 8)
    return integerAdd8.picoJoules * bits / 8;
  if (bits <= 16)
    return line(bits, 8, integerAdd8.picoJoules, 16, integerAdd16.picoJoules);
  if (bits <= 32)
    return line(bits, 16, integerAdd16.picoJoules, 32, integerAdd32.picoJoules);
  return integerAdd32.picoJoules * bits / 32;
}

double integerMultiplyPicoJoules(int aBits, int bBits) {
  using namespace prices;
  const double exponent =
      std::log(integerMultiply32.picoJoules / integerMultiply8.picoJoules) /
      std::log(32.0 * 32 / (8 * 8));
  return integerMultiply8.picoJoules *
         std::pow(static_cast<double>(aBits) * bBits / 64, exponent);
}

double sramPicoJoulesPerBit(double bytes) {
  using namespace prices;
  constexpr double small = 8 * 1024, middle = 32 * 1024, large = 1024 * 1024;
  const auto log = [](double x) { return std::log(x); };
  if (bytes <= small)
    return sramRead8K.picoJoules / 64;
  const bool lower = bytes <= middle;
  const EnergyConstant &from = lower ? sramRead8K : sramRead32K;
  const EnergyConstant &to = lower ? sramRead32K : sramRead1M;
  return std::exp(line(log(bytes), log(lower ? small : middle),
                       log(from.picoJoules), log(lower ? middle : large),
                       log(to.picoJoules))) /
         64;
}

} // namespace synfire
