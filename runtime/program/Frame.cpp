//===- Frame.cpp - framed messages on disk --------------------------------===//
#include "runtime/program/Frame.h"

#include "runtime/support/Files.h"

#include <fmt/format.h>
#include <google/protobuf/message_lite.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <limits>

namespace synfire {
namespace {

constexpr std::size_t frameBytes = 32;
/// A protobuf message is addressed by int.
constexpr std::uint64_t largestMessage = std::numeric_limits<int>::max();

void putNumber(std::string &text, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    text.push_back(static_cast<char>(value >> (8 * i)));
}

std::uint64_t getNumber(std::string_view text, std::size_t offset, int bytes) {
  std::uint64_t value = 0;
  for (int i = bytes - 1; i >= 0; --i)
    value = value << 8 | static_cast<std::uint8_t>(
                             text[offset + static_cast<std::size_t>(i)]);
  return value;
}

} // namespace

std::uint64_t checksum(const void *data, std::size_t size) {
  return XXH3_64bits(data, size);
}

struct ChecksumStream::State {
  XXH3_state_t hash;
};

ChecksumStream::ChecksumStream() : state(std::make_unique<State>()) {
  XXH3_64bits_reset(&state->hash);
}
ChecksumStream::~ChecksumStream() = default;
ChecksumStream::ChecksumStream(ChecksumStream &&) noexcept = default;

void ChecksumStream::add(const void *data, std::size_t size) {
  XXH3_64bits_update(&state->hash, data, size);
}

std::uint64_t ChecksumStream::value() const {
  return XXH3_64bits_digest(&state->hash);
}

Result<std::string> frameMessage(const google::protobuf::MessageLite &message,
                                 const FrameKind &kind,
                                 const std::string &path) {
  std::uint64_t size = message.ByteSizeLong();
  if (size > largestMessage)
    return makeError(fmt::format("the structure of this {} takes {} bytes, but "
                                 "one protobuf message holds {}",
                                 kind.noun, size, largestMessage),
                     path);
  std::string payload;
  if (!message.SerializeToString(&payload))
    return makeError(fmt::format("cannot serialise this {}", kind.noun), path);
  std::string framed(kind.magic);
  putNumber(framed, static_cast<std::uint64_t>(kind.version), 4);
  putNumber(framed, 0, 4);
  putNumber(framed, payload.size(), 8);
  putNumber(framed, checksum(payload.data(), payload.size()), 8);
  framed += payload;
  return framed;
}

Status readFramed(google::protobuf::MessageLite &message, const FrameKind &kind,
                  const std::string &path) {
  SYNFIRE_ASSIGN(auto file, MappedFile::open(path));
  std::string_view content = file->view();
  if (content.substr(0, kind.magic.size()) != kind.magic)
    return makeError(fmt::format("not a synfire {}: its first {} bytes differ",
                                 kind.noun, kind.magic.size()),
                     path);
  if (content.size() < frameBytes)
    return makeError(fmt::format("truncated: {} bytes, but the head of a {} "
                                 "takes {}",
                                 content.size(), kind.noun, frameBytes),
                     path, "the file was not written or copied completely");
  auto version = getNumber(content, 8, 4);
  if (version != static_cast<std::uint64_t>(kind.version))
    return makeError(fmt::format("{} format version {}, but this synfire reads "
                                 "version {}",
                                 kind.noun, version, kind.version),
                     path, "make it again with this synfire");
  std::string_view payload = content.substr(frameBytes);
  std::uint64_t size = getNumber(content, 16, 8);
  if (size != payload.size())
    return makeError(
        fmt::format("{}: {} bytes after its head, which announces {}",
                    payload.size() < size ? "truncated" : "too long",
                    payload.size(), size),
        path, "the file was not written or copied completely");
  if (getNumber(content, 12, 4) != 0 ||
      getNumber(content, 24, 8) != checksum(payload.data(), payload.size()))
    return makeError("damaged: its checksum differs", path,
                     "at least one byte changed since it was written");
  if (payload.size() > largestMessage ||
      !message.ParseFromArray(payload.data(), static_cast<int>(payload.size())))
    return makeError(
        fmt::format("not a {}: the message does not parse", kind.noun), path);
  return Status::success();
}

} // namespace synfire
