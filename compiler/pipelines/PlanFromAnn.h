//===- PlanFromAnn.h - what the float reference executes --------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_PIPELINES_PLANFROMANN_H
#define SYNFIRE_COMPILER_PIPELINES_PLANFROMANN_H

#include "compiler/reference/Plan.h"
#include "dialects/ann/Ann.h"

namespace synfire {

/// The steps of an `ann.model`, op by op: the model that is calibrated and
/// measured against is the very IR that is converted.
ReferencePlan planFromAnn(ann::ModelOp model);

} // namespace synfire

#endif // SYNFIRE_COMPILER_PIPELINES_PLANFROMANN_H
