//===- EnergyPrices.h - what one event costs, with sources ------*- C++ -*-===//
//
// Every constant of the price lists that does not belong to a chip (those are
// in hw-models/). All at 45 nm, 0.9 V unless stated.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_REPORT_ENERGYPRICES_H
#define SYNFIRE_RUNTIME_REPORT_ENERGYPRICES_H

namespace synfire {

struct EnergyConstant {
  double picoJoules; ///< of one event
  const char *source;
};

namespace prices {
extern const EnergyConstant floatAdd;      ///< fp32; also one AC of the papers
extern const EnergyConstant floatMultiply; ///< fp32: a hidden multiply
extern const EnergyConstant floatMac;      ///< fp32
extern const EnergyConstant memoryWord;    ///< 32-bit access of the papers
extern const EnergyConstant spikedNeuron;  ///< one neuron (P2)
extern const EnergyConstant neuronStep;    ///< one neuron and step (P3)
/// Of these widths in bits.
extern const EnergyConstant integerAdd8, integerAdd16, integerAdd32;
extern const EnergyConstant integerMultiply8, integerMultiply32;
/// 64-bit reads of these sizes in bytes.
extern const EnergyConstant sramRead8K, sramRead32K, sramRead1M;
} // namespace prices

/// An integer addition of this width: linear between the published widths of 8,
/// 16 and 32 bits, proportional to the width outside them.
double integerAddPicoJoules(int bits);

/// An integer multiplication of a x b bits. The published 8 x 8 (0.2 pJ) and
/// 32 x 32 (3.1 pJ) lie on 0.2 * (a*b / 64)^0.9885; an array multiplier grows
/// with the product of its widths, so the law is used for any pair.
double integerMultiplyPicoJoules(int aBits, int bBits);

/// One bit out of a 64-bit access to an SRAM of this size: a straight line in
/// log(size), log(energy) between 8 KB, 32 KB and 1 MB, the last one continued
/// above and the 8 KB figure kept below. Writes cost what reads cost.
double sramPicoJoulesPerBit(double bytes);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_REPORT_ENERGYPRICES_H
