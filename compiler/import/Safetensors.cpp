//===- Safetensors.cpp - tensors of one .safetensors file -----------------===//
#include "compiler/import/Safetensors.h"

#include "compiler/import/JsonText.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <sys/mman.h>
#include <tuple>
#include <unistd.h>

namespace synfire {

using nlohmann::json;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "safetensors data is little-endian and read in place");

namespace {

constexpr std::uint64_t lengthBytes = 8;
// The limit of the format's own implementation.
constexpr std::uint64_t maxHeaderBytes = 100'000'000;

struct DataType {
  std::string_view name;
  unsigned bits;
};

// All types of the format; only those of ElementType can be read, the others
// are known so that the file around them can be checked.
constexpr std::array<DataType, 20> dataTypes = {
    {{"BOOL", 8},    {"U8", 8},      {"I8", 8},   {"F8_E5M2", 8},
     {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F4", 4},   {"F6_E2M3", 6},
     {"F6_E3M2", 6}, {"I16", 16},    {"U16", 16}, {"F16", 16},
     {"BF16", 16},   {"I32", 32},    {"U32", 32}, {"F32", 32},
     {"C64", 64},    {"F64", 64},    {"I64", 64}, {"U64", 64}}};

constexpr std::array<ElementType, 3> elementTypes = {
    ElementType::F32, ElementType::F16, ElementType::BF16};

} // namespace

std::string_view elementTypeName(ElementType type) {
  switch (type) {
  case ElementType::F32:
    return "F32";
  case ElementType::F16:
    return "F16";
  case ElementType::BF16:
    return "BF16";
  }
  return {};
}

std::uint64_t elementBytes(ElementType type) {
  return type == ElementType::F32 ? 4 : 2;
}

std::string shapeText(const std::vector<std::int64_t> &shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

//===----------------------------------------------------------------------===//
// TensorView
//===----------------------------------------------------------------------===//

std::int64_t TensorView::elements() const {
  std::int64_t product = 1;
  for (std::int64_t extent : shape)
    product *= extent;
  return product;
}

std::uint64_t TensorView::bytes() const {
  return static_cast<std::uint64_t>(elements()) * elementBytes(type);
}

static float bitsToFloat(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

static float halfToFloat(std::uint16_t half) {
  // Exponent and mantissa at float32's place, then 2^(127 - 15) for the other
  // bias. The multiplication also normalises subnormals and is exact.
  constexpr std::uint32_t rebias = (254u - 15u) << 23;
  float magnitude =
      bitsToFloat(static_cast<std::uint32_t>(half & 0x7fffu) << 13) *
      bitsToFloat(rebias);
  std::uint32_t bits;
  std::memcpy(&bits, &magnitude, sizeof bits);
  // Infinity and NaN, which the multiplication has made large finite numbers.
  bits |= (half & 0x7c00u) == 0x7c00u ? 0x7f800000u : 0u;
  return bitsToFloat(bits | static_cast<std::uint32_t>(half & 0x8000u) << 16);
}

template <typename Stored>
static Stored load(const std::uint8_t *data, std::int64_t index) {
  Stored value;
  std::memcpy(&value, data + static_cast<std::size_t>(index) * sizeof value,
              sizeof value);
  return value;
}

void TensorView::read(std::int64_t first, std::int64_t count,
                      float *out) const {
  assert(first >= 0 && count >= 0 && first <= elements() &&
         count <= elements() - first && "range outside the tensor");
  const std::uint8_t *data =
      file->data() + offset +
      static_cast<std::uint64_t>(first) * elementBytes(type);
  switch (type) {
  case ElementType::F32:
    if (count > 0)
      std::memcpy(out, data, static_cast<std::size_t>(count) * sizeof(float));
    return;
  case ElementType::F16:
    for (std::int64_t i = 0; i < count; ++i)
      out[i] = halfToFloat(load<std::uint16_t>(data, i));
    return;
  case ElementType::BF16:
    for (std::int64_t i = 0; i < count; ++i)
      out[i] = bitsToFloat(
          static_cast<std::uint32_t>(load<std::uint16_t>(data, i)) << 16);
    return;
  }
}

std::vector<float> TensorView::readAll() const {
  std::vector<float> values(static_cast<std::size_t>(elements()));
  read(0, elements(), values.data());
  return values;
}

/// The first element whose exponent bits are all ones, which is what NaN and
/// infinity have in every IEEE-like type.
template <typename Stored>
static std::optional<std::int64_t>
firstWithFullExponent(const std::uint8_t *data, std::int64_t count,
                      Stored exponent) {
  // The inner loop has no early exit, so that the compiler vectorises it.
  constexpr std::int64_t block = 4096;
  for (std::int64_t begin = 0; begin < count; begin += block) {
    std::int64_t end = std::min(count, begin + block);
    bool found = false;
    for (std::int64_t i = begin; i < end; ++i)
      found |= (load<Stored>(data, i) & exponent) == exponent;
    for (std::int64_t i = begin; found && i < end; ++i)
      if ((load<Stored>(data, i) & exponent) == exponent)
        return i;
  }
  return std::nullopt;
}

std::optional<std::int64_t> TensorView::firstNonFinite() const {
  const std::uint8_t *data = file->data() + offset;
  switch (type) {
  case ElementType::F32:
    return firstWithFullExponent<std::uint32_t>(data, elements(), 0x7f800000u);
  case ElementType::F16:
    return firstWithFullExponent<std::uint16_t>(data, elements(), 0x7c00u);
  case ElementType::BF16:
    return firstWithFullExponent<std::uint16_t>(data, elements(), 0x7f80u);
  }
  return std::nullopt;
}

void TensorView::releasePages() const {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  // Only whole pages: those at the ends belong to the neighbours too.
  std::uint64_t begin = (offset + page - 1) / page * page;
  std::uint64_t end = (offset + bytes()) / page * page;
  if (begin >= end)
    return;
  // A refusal costs memory, not correctness, so it is no error. The mapping is
  // read-only and backed by the file: dropped pages come back when touched.
  (void)::madvise(const_cast<std::uint8_t *>(file->data()) + begin, end - begin,
                  MADV_DONTNEED);
}

//===----------------------------------------------------------------------===//
// SafetensorsFile
//===----------------------------------------------------------------------===//

static Error tensorError(const std::string &name, const std::string &problem,
                         const std::string &where) {
  return makeError(fmt::format("tensor '{}' {}", name, problem), where);
}

/// Reads `value` as a list of non-negative integers.
static bool readNaturals(const json *value, std::vector<std::uint64_t> &out) {
  if (!value || !value->is_array())
    return false;
  for (const json &item : *value) {
    if (!item.is_number_unsigned())
      return false;
    out.push_back(item.get<std::uint64_t>());
  }
  return true;
}

static const json *findKey(const json &object, const char *key) {
  auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// The bytes of a tensor, or nothing if they or an extent are no whole number
/// below 2^63.
static std::optional<std::uint64_t>
byteCount(const std::vector<std::uint64_t> &shape, unsigned bits) {
  // An extent of zero must not hide an overflow of the others, because
  // TensorView multiplies the extents in their order.
  constexpr auto limit =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::uint64_t product = 1;
  bool empty = false;
  for (std::uint64_t extent : shape) {
    if (extent == 0) {
      empty = true;
      continue;
    }
    if (product > limit / bits / extent)
      return std::nullopt;
    product *= extent;
  }
  if (empty)
    return 0;
  if (product * bits % 8 != 0)
    return std::nullopt;
  return product * bits / 8;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::string &path) {
  SafetensorsFile result;
  SYNFIRE_ASSIGN(result.file, MappedFile::open(path));
  std::uint64_t fileSize = result.file->size();
  if (fileSize < lengthBytes)
    return makeError(
        fmt::format("has {} bytes, too few for a safetensors file", fileSize),
        path);
  std::uint64_t headerSize = 0;
  std::memcpy(&headerSize, result.file->data(), lengthBytes);
  if (headerSize > fileSize - lengthBytes)
    return makeError(
        fmt::format(
            "the header of {} bytes reaches beyond the file of {} bytes",
            headerSize, fileSize),
        path, "the file is truncated or no safetensors file");
  if (headerSize > maxHeaderBytes)
    return makeError(fmt::format("the header has {} bytes, limit {}",
                                 headerSize, maxHeaderBytes),
                     path);
  result.dataOffset = lengthBytes + headerSize;
  SYNFIRE_TRY(
      result.parseHeader(result.file->view().substr(lengthBytes, headerSize),
                         fileSize - result.dataOffset));
  return result;
}

Status SafetensorsFile::parseHeader(std::string_view header,
                                    std::uint64_t dataSize) {
  auto parsed = parseJsonObject(header, path());
  if (!parsed) {
    Error error = parsed.error();
    error.what = "the header: " + error.what;
    return error;
  }
  for (const auto &[name, value] : parsed->items()) {
    if (name == "__metadata__")
      continue;
    if (!value.is_object())
      return tensorError(name, "is described by no JSON object", path());
    Entry entry;

    const json *dtype = findKey(value, "dtype");
    if (!dtype || !dtype->is_string())
      return tensorError(name, "has no dtype", path());
    entry.dtype = dtype->get_ref<const std::string &>();
    auto known = std::find_if(
        dataTypes.begin(), dataTypes.end(),
        [&](const DataType &type) { return type.name == entry.dtype; });
    if (known == dataTypes.end())
      return tensorError(
          name, fmt::format("has the unknown dtype '{}'", entry.dtype), path());

    std::vector<std::uint64_t> shape, offsets;
    if (!readNaturals(findKey(value, "shape"), shape))
      return tensorError(
          name, "has a shape that is no list of non-negative integers", path());
    if (!readNaturals(findKey(value, "data_offsets"), offsets) ||
        offsets.size() != 2)
      return tensorError(
          name, "has data_offsets that are not two non-negative integers",
          path());
    entry.begin = offsets[0];
    entry.end = offsets[1];
    if (entry.begin > entry.end)
      return tensorError(name,
                         fmt::format("has reversed data_offsets [{}, {}]",
                                     entry.begin, entry.end),
                         path());
    if (entry.end > dataSize)
      return tensorError(
          name,
          fmt::format("has data_offsets [{}, {}] beyond the {} bytes of data",
                      entry.begin, entry.end, dataSize),
          path());

    auto bytes = byteCount(shape, known->bits);
    if (!bytes)
      return tensorError(
          name,
          fmt::format("of dtype {} has shape [{}], whose size is no number of "
                      "bytes below 2^63",
                      entry.dtype, fmt::join(shape, ", ")),
          path());
    if (*bytes != entry.end - entry.begin)
      return tensorError(
          name,
          fmt::format("has {} bytes of data, but dtype {} and shape [{}] need "
                      "{}",
                      entry.end - entry.begin, entry.dtype,
                      fmt::join(shape, ", "), *bytes),
          path());
    entry.shape.assign(shape.begin(), shape.end());
    entries.emplace(name, std::move(entry));
  }
  return checkCoverage(dataSize);
}

Status SafetensorsFile::checkCoverage(std::uint64_t dataSize) const {
  using NamedEntry = std::pair<const std::string, Entry>;
  std::vector<const NamedEntry *> ordered;
  ordered.reserve(entries.size());
  for (const NamedEntry &entry : entries)
    ordered.push_back(&entry);
  std::sort(
      ordered.begin(), ordered.end(),
      [](const NamedEntry *left, const NamedEntry *right) {
        return std::tie(left->second.begin, left->second.end, left->first) <
               std::tie(right->second.begin, right->second.end, right->first);
      });
  std::uint64_t position = 0;
  const NamedEntry *previous = nullptr;
  for (const NamedEntry *current : ordered) {
    if (current->second.begin < position)
      return makeError(
          fmt::format("tensors '{}' and '{}' overlap in bytes [{}, {})",
                      previous->first, current->first, current->second.begin,
                      std::min(position, current->second.end)),
          path());
    if (current->second.begin > position)
      return makeError(fmt::format("bytes [{}, {}) before tensor '{}' belong "
                                   "to no tensor",
                                   position, current->second.begin,
                                   current->first),
                       path());
    position = current->second.end;
    previous = current;
  }
  if (position != dataSize)
    return makeError(fmt::format("bytes [{}, {}) at the end of the data belong "
                                 "to no tensor",
                                 position, dataSize),
                     path());
  return {};
}

bool SafetensorsFile::contains(const std::string &name) const {
  return entries.count(name) > 0;
}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> result;
  result.reserve(entries.size());
  for (const auto &entry : entries)
    result.push_back(entry.first);
  return result;
}

Result<TensorView> SafetensorsFile::tensor(const std::string &name) const {
  auto found = entries.find(name);
  if (found == entries.end())
    return makeError(fmt::format("has no tensor '{}'", name), path());
  const Entry &entry = found->second;
  auto type = std::find_if(
      elementTypes.begin(), elementTypes.end(),
      [&](ElementType t) { return elementTypeName(t) == entry.dtype; });
  if (type == elementTypes.end())
    return makeError(fmt::format("not supported: tensor dtype {} of '{}'",
                                 entry.dtype, name),
                     path(), "supported: F32, F16, BF16");
  TensorView view;
  view.name = name;
  view.type = *type;
  view.shape = entry.shape;
  view.file = file;
  view.offset = dataOffset + entry.begin;
  return view;
}

} // namespace synfire
