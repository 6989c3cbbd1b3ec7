//===- StageReader.h - snn ops to stage specifications ----------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_EMIT_STAGEREADER_H
#define SYNFIRE_COMPILER_EMIT_STAGEREADER_H

#include "compiler/emit/ProgramBuilder.h"
#include "dialects/snn/Snn.h"

#include "llvm/ADT/DenseMap.h"

namespace synfire {

/// Numbers populations in the order in which it meets them and translates each,
/// with its dendrites, into what ProgramBuilder takes.
class StageReader {
public:
  /// The output belongs to layer `config.layers`, after the last one.
  explicit StageReader(ann::ConfigAttr config)
      : layers(static_cast<int>(config.getLayers())) {}

  /// `op` is an snn.fire or snn.output whose operands' populations have been
  /// read before.
  StageSpec read(mlir::Operation *op);

  /// Later uses of `inner` (a train inside a chip.group) go by `outer` (its
  /// result).
  void alias(mlir::Value inner, mlir::Value outer) {
    stageOf[outer] = stageOf.lookup(inner);
  }

private:
  DendriteSpec readDendrite(mlir::Operation *op);

  llvm::DenseMap<mlir::Value, int> stageOf;
  int layers;
  int count = 0;
};

/// The model's shape as a Program records it.
ModelInfo modelInfo(ann::ConfigAttr config, llvm::StringRef name);

} // namespace synfire

#endif // SYNFIRE_COMPILER_EMIT_STAGEREADER_H
