//===- FrameCodes.h - what a tile's neurons have delivered ------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_FRAMECODES_H
#define SYNFIRE_SIMULATOR_MACHINE_FRAMECODES_H

#include "simulator/machine/TileShape.h"
#include "simulator/machine/TokenFrame.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace synfire {

/// The sums of payloads of one tile's neurons, frame by frame. Static dendrites
/// read them when the frame is over (StaticDendrite.cpp), in the window in
/// which their own stage fires it: as many frames are kept as lie between the
/// two, none where no static dendrite listens.
class FrameCodes {
public:
  FrameCodes(const TileShape &source, int frames)
      : extent(source), kept(static_cast<std::size_t>(frames)) {
    for (Frame &frame : kept)
      frame.codes.resize(static_cast<std::size_t>(source.neurons()));
  }

  const TileShape &shape() const { return extent; }

  /// Begins a frame in the place of the oldest.
  void begin(TokenFrame at) {
    if (kept.empty())
      return;
    newest = (newest + 1) % kept.size();
    kept[newest].at = at;
    std::fill(kept[newest].codes.begin(), kept[newest].codes.end(), 0);
  }
  bool empty() const { return kept.empty(); }
  /// To be asked for only where frames are kept.
  std::int64_t *codes() { return kept[newest].codes.data(); }
  /// Null if the tile has not fired the frame.
  const std::int64_t *codesOf(TokenFrame at) const {
    for (const Frame &frame : kept)
      if (frame.at.position == at.position && frame.at.frame == at.frame)
        return frame.codes.data();
    return nullptr;
  }

private:
  struct Frame {
    TokenFrame at;
    std::vector<std::int64_t> codes; ///< by the tile's own neuron numbers
  };
  TileShape extent;
  std::vector<Frame> kept;
  std::size_t newest = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_FRAMECODES_H
