//===- Program.cpp - names and single weights -----------------------------===//
#include "runtime/program/Program.h"

namespace synfire {

const char *toString(StageRole role) {
  switch (role) {
  case StageRole::Embedding:
    return "embedding";
  case StageRole::Norm:
    return "norm";
  case StageRole::Linear:
    return "linear";
  case StageRole::Rope:
    return "rope";
  case StageRole::Attention:
    return "attention";
  case StageRole::Activation:
    return "activation";
  case StageRole::Product:
    return "product";
  case StageRole::Residual:
    return "residual";
  case StageRole::LmHead:
    return "lm_head";
  }
  return "unknown";
}

const char *toString(DendriteKind kind) {
  switch (kind) {
  case DendriteKind::Embed:
    return "embed";
  case DendriteKind::Static:
    return "static";
  case DendriteKind::Identity:
    return "identity";
  case DendriteKind::Sum:
    return "sum";
  case DendriteKind::Rotary:
    return "rotary";
  case DendriteKind::Product:
    return "product";
  case DendriteKind::Scores:
    return "scores";
  case DendriteKind::Mix:
    return "mix";
  case DendriteKind::Hadamard:
    return "hadamard";
  }
  return "unknown";
}

std::int32_t weightAt(const WeightStore &store, int block, std::int64_t row,
                      std::int64_t column) {
  const WeightBlock &shape = store.blocks[static_cast<std::size_t>(block)];
  const std::uint8_t *bytes =
      store.data(block) + static_cast<std::uint64_t>(row) * shape.rowBytes();
  switch (shape.bits) {
  case 4: {
    std::uint32_t nibble = (bytes[column / 2] >> (column % 2 * 4)) & 15u;
    return static_cast<std::int32_t>(nibble ^ 8u) - 8;
  }
  case 8:
    return static_cast<std::int8_t>(bytes[column]);
  case 16:
    return static_cast<std::int16_t>(bytes[2 * column] | bytes[2 * column + 1]
                                                             << 8);
  default: {
    std::uint32_t word = 0;
    for (int byte = 3; byte >= 0; --byte)
      word = word << 8 | bytes[4 * column + byte];
    return static_cast<std::int32_t>(word);
  }
  }
}

} // namespace synfire
