//===- Safetensors.h - tensors of one .safetensors file ---------*- C++ -*-===//
//
// The format (github.com/huggingface/safetensors, README "Format"): 8 bytes of
// little-endian header size N, N bytes of JSON that maps each tensor's name to
// {"dtype", "shape", "data_offsets": [begin, end]}, then the data. Offsets
// count from the end of the header; the tensors must cover the data without
// overlap and without holes. The key "__metadata__" holds free text and is
// ignored.
//
// Weights stay in the mapped file: a TensorView is a name, a shape and an
// offset, and converts to float32 only what is read.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_COMPILER_IMPORT_SAFETENSORS_H
#define SYNFIRE_COMPILER_IMPORT_SAFETENSORS_H

#include "runtime/support/Files.h"
#include "runtime/support/Status.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synfire {

/// The element types that weights may have.
enum class ElementType { F32, F16, BF16 };

/// "F32", "F16" or "BF16".
std::string_view elementTypeName(ElementType type);
std::uint64_t elementBytes(ElementType type);

/// "[2048, 128]".
std::string shapeText(const std::vector<std::int64_t> &shape);

/// A tensor inside a mapped file, which it keeps alive. The data may be
/// misaligned for its type.
struct TensorView {
  std::string name;
  ElementType type = ElementType::F32;
  std::vector<std::int64_t> shape;
  std::shared_ptr<const MappedFile> file;
  std::uint64_t offset = 0; ///< of the first element, from the file's begin

  /// The product of the shape; 1 for a scalar. The parser has checked that it
  /// does not overflow.
  std::int64_t elements() const;
  std::uint64_t bytes() const;

  /// Converts elements [first, first + count) in row-major order to float32;
  /// exact for all three types. The range must lie inside the tensor.
  void read(std::int64_t first, std::int64_t count, float *out) const;

  /// The whole tensor as float32.
  std::vector<float> readAll() const;

  /// The flat index of the first NaN or infinity.
  std::optional<std::int64_t> firstNonFinite() const;

  /// Lets the system forget the tensor's pages until they are read again, so
  /// that a pass over all weights holds only one tensor in memory at a time.
  void releasePages() const;
};

/// One .safetensors file, its header checked completely.
class SafetensorsFile {
public:
  static Result<SafetensorsFile> open(const std::string &path);

  const std::string &path() const { return file->path(); }
  bool contains(const std::string &name) const;
  /// Names of all tensors, sorted, those of unsupported types included.
  std::vector<std::string> names() const;
  /// Fails for a name that is not there and for a type that is no ElementType.
  Result<TensorView> tensor(const std::string &name) const;

private:
  struct Entry {
    std::string dtype;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0; ///< from the begin of the data
  };

  Status parseHeader(std::string_view header, std::uint64_t dataSize);
  Status checkCoverage(std::uint64_t dataSize) const;

  std::shared_ptr<const MappedFile> file;
  std::uint64_t dataOffset = 0;
  std::map<std::string, Entry> entries;
};

} // namespace synfire

#endif // SYNFIRE_COMPILER_IMPORT_SAFETENSORS_H
