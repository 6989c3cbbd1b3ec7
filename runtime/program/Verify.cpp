//===- Verify.cpp - the order of the parts --------------------------------===//
#include "runtime/program/Verify.h"

#include "runtime/program/VerifyParts.h"

namespace synfire {

Status verifyNetwork(const Program &program) {
  SYNFIRE_TRY(verifyUnits(program));
  SYNFIRE_TRY(verifyTopology(program));
  SYNFIRE_TRY(verifyFrames(program));
  SYNFIRE_TRY(verifyShapes(program));
  SYNFIRE_TRY(verifyPrefix(program));
  return verifyWidths(program);
}

Status verify(const Program &program) {
  if (!program.weights.hasData() && !program.weights.blocks.empty())
    return makeError("the weight blocks have no data", "weights");
  SYNFIRE_TRY(verifyNetwork(program));
  return verifyMapping(program);
}

} // namespace synfire
