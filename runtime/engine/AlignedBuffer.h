//===- AlignedBuffer.h - memory on cache lines ------------------*- C++ -*-===//
#ifndef SYNFIRE_RUNTIME_ENGINE_ALIGNEDBUFFER_H
#define SYNFIRE_RUNTIME_ENGINE_ALIGNEDBUFFER_H

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace synfire {

/// Zeroed bytes on a cache line, so that no vector load straddles two.
class AlignedBuffer {
public:
  /// Contents are zero afterwards.
  void resize(std::size_t size) {
    bytes.reset(static_cast<std::byte *>(
        ::operator new(size + alignment, std::align_val_t(alignment))));
    std::memset(bytes.get(), 0, size + alignment);
    length = size;
  }
  /// Keeps the contents unless it has to grow.
  void reserve(std::size_t size) {
    if (length < size)
      resize(size);
  }
  bool empty() const { return length == 0; }
  template <typename T> T *as() { return reinterpret_cast<T *>(bytes.get()); }
  template <typename T> const T *as() const {
    return reinterpret_cast<const T *>(bytes.get());
  }

private:
  static constexpr std::size_t alignment = 64;
  struct Release {
    void operator()(std::byte *memory) const {
      ::operator delete(memory, std::align_val_t(alignment));
    }
  };
  std::unique_ptr<std::byte, Release> bytes;
  std::size_t length = 0;
};

} // namespace synfire

#endif // SYNFIRE_RUNTIME_ENGINE_ALIGNEDBUFFER_H
