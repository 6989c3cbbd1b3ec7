//===- KeyValueCache.h - codes that outlive their token ---------*- C++ -*-===//
//
// The stored operands of Scores and Mix for every position so far, in the
// panels that the products read: keys with eight positions side by side, values
// with eight of a head's columns side by side.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_ENGINE_KEYVALUECACHE_H
#define SYNFIRE_RUNTIME_ENGINE_KEYVALUECACHE_H

#include "runtime/engine/AlignedBuffer.h"
#include "runtime/engine/PanelProduct.h"

#include <cstddef>
#include <cstdint>

namespace synfire {

/// Partner codes of a Scores dendrite: [head][position / 8][column][8].
template <typename Scalar> class KeyCache {
public:
  void resize(std::ptrdiff_t headCount, std::ptrdiff_t columns,
              std::ptrdiff_t context) {
    heads = headCount;
    headWidth = columns;
    headStride =
        (context + panelColumns - 1) / panelColumns * panelColumns * columns;
    data.resize(static_cast<std::size_t>(heads * headStride) * sizeof(Scalar));
  }
  void store(std::ptrdiff_t position, const std::int32_t *codes) {
    Scalar *base = data.template as<Scalar>() +
                   position / panelColumns * panelColumns * headWidth +
                   position % panelColumns;
    for (std::ptrdiff_t h = 0; h < heads; ++h)
      for (std::ptrdiff_t c = 0; c < headWidth; ++c)
        base[h * headStride + c * panelColumns] = *codes++;
  }
  const Scalar *panels(std::ptrdiff_t head) const {
    return data.template as<Scalar>() + head * headStride;
  }
  std::ptrdiff_t panelStride() const { return headWidth * panelColumns; }

private:
  std::ptrdiff_t heads = 0, headWidth = 0, headStride = 0;
  AlignedBuffer data;
};

/// Partner codes of a Mix dendrite: [head][column / 8][position][8].
template <typename Scalar> class ValueCache {
public:
  void resize(std::ptrdiff_t headCount, std::ptrdiff_t columns,
              std::ptrdiff_t context) {
    heads = headCount;
    headWidth = columns;
    stride = context * panelColumns;
    data.resize(static_cast<std::size_t>(heads * panelCount() * stride) *
                sizeof(Scalar));
  }
  void store(std::ptrdiff_t position, const std::int32_t *codes) {
    Scalar *base = data.template as<Scalar>() + position * panelColumns;
    for (std::ptrdiff_t h = 0; h < heads; ++h, base += panelCount() * stride)
      for (std::ptrdiff_t c = 0; c < headWidth; ++c)
        base[c / panelColumns * stride + c % panelColumns] = *codes++;
  }
  const Scalar *panels(std::ptrdiff_t head) const {
    return data.template as<Scalar>() + head * panelCount() * stride;
  }
  std::ptrdiff_t panelCount() const {
    return (headWidth + panelColumns - 1) / panelColumns;
  }
  std::ptrdiff_t panelStride() const { return stride; }

private:
  std::ptrdiff_t heads = 0, headWidth = 0, stride = 0;
  AlignedBuffer data;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_KEYVALUECACHE_H
