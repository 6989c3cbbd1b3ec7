//===- Messages.h - plain values to and from protobuf -----------*- C++ -*-===//
//
// Private to this library. `encode` cannot fail; `decode` checks whatever the
// plain types cannot hold, and verify() does the rest.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_MESSAGES_H
#define SYNFIRE_RUNTIME_PROGRAM_MESSAGES_H

#include "runtime/program/Run.h"

namespace synfire {
namespace pb {
class ConversionInfo;
class ModelInfo;
class Prediction;
class Program;
class Run;
} // namespace pb

void encode(const ModelInfo &model, pb::ModelInfo &message);
void encode(const ConversionInfo &conversion, pb::ConversionInfo &message);
void encode(const CostPrediction &cost, pb::Prediction &message);
/// All but the weights' size and checksums.
void encode(const Program &program, pb::Program &message);
void encode(const Run &run, pb::Run &message);

ModelInfo decode(const pb::ModelInfo &message);
ConversionInfo decode(const pb::ConversionInfo &message);
CostPrediction decode(const pb::Prediction &message);
/// The weights hold blocks but no bytes.
Result<Program> decode(const pb::Program &message, const std::string &where);
Result<Run> decode(const pb::Run &message, const std::string &where);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_MESSAGES_H
