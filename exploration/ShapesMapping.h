//===- ShapesMapping.h - would this model fit that machine? -----*- C++ -*-===//
//
// Maps a transformer's shape onto a chip model: cores, chips, how full they
// are, and what the mapper's cost model expects of time and energy. A model
// that is too large is mapped as far as it fits: embedding, as many layers as
// possible, logits.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_EXPLORATION_SHAPESMAPPING_H
#define SYNFIRE_EXPLORATION_SHAPESMAPPING_H

#include "compiler/mapping/Problem.h"
#include "exploration/ShapesProgram.h"

#include <string>
#include <vector>

namespace synfire {

/// Share of what the used cores hold, and of the whole system.
struct ResourceShare {
  std::string resource, field; ///< "synapse bytes", "synapse_bytes", ...
  double ofUsedCores = 0;
  double ofSystem = 0;
};

struct ShapesMapping {
  std::string model, chip;
  ShapesOptions shapes; ///< as mapped, but for the layers
  std::int64_t layers = 0, layersMapped = 0;
  std::string unfit;         ///< why there are fewer; empty: all are mapped
  std::int64_t synapses = 0; ///< static weights of the mapped part
  std::int64_t stages = 0, tiles = 0;
  std::int64_t usedCores = 0, usedChips = 0;
  std::int64_t systemCores = 0, systemChips = 0; ///< of the chip model
  std::vector<ResourceShare> shares;
  CostPrediction prediction;
  double clockHz = 0;
  double staticWatts = 0;
  /// The chip has prices of events; else the prediction's energy is static.
  bool pricedEvents = false;
  double seconds = 0; ///< that mapping took

  /// One token after the other, each waiting for the logits of the one before.
  double decodeTokensPerSecond() const;
  /// Tokens of a prompt, which follow each other through the pipeline.
  double prefillTokensPerSecond() const;
};

/// An error if not even the embedding and the logits fit.
Result<ShapesMapping> mapShapes(const ModelShape &shape, const ChipModel &chip,
                                const ShapesOptions &shapes,
                                const MappingOptions &options);

std::string shapesMappingText(const ShapesMapping &mapping);
std::string shapesMappingJson(const ShapesMapping &mapping);

} // namespace synfire

#endif // SYNFIRE_EXPLORATION_SHAPESMAPPING_H
