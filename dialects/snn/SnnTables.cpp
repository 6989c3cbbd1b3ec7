//===- SnnTables.cpp - the neuron unit and the digital unit ---------------===//
//
// Verifiers cite docs/spec/dialects.md; constraints of the neuron unit itself
// are those of docs/spec/neuron.md, which runtime/neuron checks.
//
//===----------------------------------------------------------------------===//
#include "dialects/snn/Snn.h"
#include "dialects/snn/SnnRanges.h"
#include "runtime/program/Widths.h"

#include <cmath>

namespace synfire::snn {

using mlir::failure;
using mlir::success;

namespace {

constexpr int64_t largestInteger = std::numeric_limits<int32_t>::max();

template <typename To> std::vector<To> vectorOf(llvm::ArrayRef<int64_t> from) {
  std::vector<To> to;
  to.reserve(from.size());
  for (int64_t value : from)
    to.push_back(static_cast<To>(value));
  return to;
}

llvm::SmallVector<int64_t> listOf(const std::vector<std::int32_t> &from) {
  return llvm::SmallVector<int64_t>(from.begin(), from.end());
}

NeuronConfig configOf(int64_t steps, int64_t levels, Comparison comparison,
                      SignMode sign, InputMode input, int64_t cap,
                      int64_t offset, llvm::ArrayRef<int64_t> bias,
                      NegativeRule negative, bool tracer, int64_t tracerMinimum,
                      int64_t tracerMaximum, Rehearsal rehearsal,
                      int64_t rehearsalSteps, int64_t rehearsalMargin,
                      int64_t clamp, int64_t guardBits,
                      llvm::ArrayRef<BankAttr> banks) {
  NeuronConfig config;
  config.steps = static_cast<int>(steps);
  config.levels = static_cast<int>(levels);
  config.comparison = static_cast<synfire::Comparison>(comparison);
  config.sign = static_cast<synfire::SignMode>(sign);
  config.input = static_cast<synfire::InputMode>(input);
  config.cap = static_cast<int>(cap);
  config.offset = offset;
  config.bias = vectorOf<std::int64_t>(bias);
  config.negative = static_cast<synfire::NegativeRule>(negative);
  config.tracerOn = tracer;
  config.tracerMinimum = static_cast<std::int32_t>(tracerMinimum);
  config.tracerMaximum = static_cast<std::int32_t>(tracerMaximum);
  config.rehearsal = static_cast<synfire::Rehearsal>(rehearsal);
  config.rehearsalSteps = static_cast<int>(rehearsalSteps);
  config.rehearsalMargin = rehearsalMargin;
  config.clamp = clamp;
  config.guardBits = static_cast<int>(guardBits);
  for (BankAttr bank : banks)
    config.banks.push_back({bank.getLow(),
                            bank.getHigh(),
                            {vectorOf<std::int64_t>(bank.getThreshold()),
                             vectorOf<std::int64_t>(bank.getDecrement()),
                             vectorOf<std::int32_t>(bank.getPayload()),
                             static_cast<std::int32_t>(bank.getRest())}});
  return config;
}

} // namespace

/// S9.
llvm::LogicalResult BankAttr::verify(EmitError emitError, int64_t, int64_t,
                                     llvm::ArrayRef<int64_t>,
                                     llvm::ArrayRef<int64_t>,
                                     llvm::ArrayRef<int64_t> payload,
                                     int64_t rest) {
  for (int64_t value : payload)
    if (failed(verifyRange(emitError, "a payload", value, -largestInteger,
                           largestInteger)))
      return failure();
  return verifyRange(emitError, "rest", rest, -largestInteger, largestInteger);
}

/// S9. The parameters are those of NeuronConfig, whose own verifier looks at
/// them together.
llvm::LogicalResult TableAttr::verify(
    EmitError emitError, int64_t steps, int64_t levels, Comparison comparison,
    SignMode sign, InputMode input, int64_t cap, int64_t offset,
    llvm::ArrayRef<int64_t> bias, NegativeRule negative, bool tracer,
    int64_t tracerMinimum, int64_t tracerMaximum, Rehearsal rehearsal,
    int64_t rehearsalSteps, int64_t rehearsalMargin, int64_t clamp,
    int64_t guardBits, llvm::ArrayRef<BankAttr> banks, ir::Real membraneScale,
    ir::Real codeScale) {
  const std::pair<const char *, int64_t> integers[] = {
      {"steps", steps},
      {"levels", levels},
      {"cap", cap},
      {"tracer_minimum", tracerMinimum},
      {"tracer_maximum", tracerMaximum},
      {"rehearsal_steps", rehearsalSteps},
      {"guard_bits", guardBits}};
  for (auto [what, value] : integers)
    if (failed(verifyRange(emitError, what, value, -largestInteger,
                           largestInteger)))
      return failure();
  if (failed(verifyPositive(emitError, "membrane_scale", membraneScale)) ||
      failed(verifyPositive(emitError, "code_scale", codeScale)))
    return failure();

  const NeuronConfig config =
      configOf(steps, levels, comparison, sign, input, cap, offset, bias,
               negative, tracer, tracerMinimum, tracerMaximum, rehearsal,
               rehearsalSteps, rehearsalMargin, clamp, guardBits, banks);
  if (Status valid = synfire::verify(config); !valid.ok())
    return emitError() << valid.error().message();
  return success();
}

NeuronConfig TableAttr::getConfig() const {
  return configOf(getSteps(), getLevels(), getComparison(), getSign(),
                  getInput(), getCap(), getOffset(), getBias(), getNegative(),
                  getTracer(), getTracerMinimum(), getTracerMaximum(),
                  getRehearsal(), getRehearsalSteps(), getRehearsalMargin(),
                  getClamp(), getGuardBits(), getBanks());
}

TableAttr TableAttr::fromConfig(EmitError emitError, mlir::MLIRContext *context,
                                const NeuronConfig &config,
                                double membraneScale, double codeScale) {
  using Integers = llvm::ArrayRef<int64_t>;
  llvm::SmallVector<BankAttr> banks;
  for (const NeuronBank &bank : config.banks) {
    const auto payload = listOf(bank.table.payload);
    auto made = BankAttr::getChecked(
        emitError, context, bank.low, bank.high, Integers(bank.table.threshold),
        Integers(bank.table.decrement), Integers(payload),
        int64_t(bank.table.rest));
    if (!made)
      return {};
    banks.push_back(made);
  }
  return TableAttr::getChecked(
      emitError, context, int64_t(config.steps), int64_t(config.levels),
      static_cast<Comparison>(config.comparison),
      static_cast<SignMode>(config.sign), static_cast<InputMode>(config.input),
      int64_t(config.cap), config.offset, Integers(config.bias),
      static_cast<NegativeRule>(config.negative), config.tracerOn,
      int64_t(config.tracerMinimum), int64_t(config.tracerMaximum),
      static_cast<Rehearsal>(config.rehearsal), int64_t(config.rehearsalSteps),
      config.rehearsalMargin, config.clamp, int64_t(config.guardBits),
      llvm::ArrayRef<BankAttr>(banks), ir::Real(membraneScale),
      ir::Real(codeScale));
}

int64_t TableAttr::getCodeLimit() const { return largestCode(getConfig()); }

bool TableAttr::isRehearsed() const { return getRehearsal() != Rehearsal::Off; }

std::string TableAttr::whyNotInFrames(int64_t frames) const {
  if (frames == 1)
    return getInput() == InputMode::AllAtOnce
               ? ""
               : "a streamed neuron needs a network of several frames";
  if (getInput() != InputMode::Streamed)
    return "the neuron needs its whole input at once";
  if (getSteps() % frames != 0)
    return (llvm::Twine("its ") + llvm::Twine(getSteps()) +
            " steps are no multiple of the frames")
        .str();
  return "";
}

/// S10.
llvm::LogicalResult NumberAttr::verify(EmitError emitError, int64_t bits,
                                       ir::Real fullScale) {
  if (failed(verifyRange(emitError, "bits", bits, 2, 24)))
    return failure();
  return verifyPositive(emitError, "full_scale", fullScale);
}

int64_t NumberAttr::getCodeLimit() const { return int64_t(1) << getBits(); }

double NumberAttr::getCodeScale() const {
  return std::ldexp(getFullScale(), -static_cast<int>(getBits()));
}

bool NumberAttr::isDigital() const { return true; }

} // namespace synfire::snn
