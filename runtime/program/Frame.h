//===- Frame.h - magic, version and checksum around a message ---*- C++ -*-===//
//
// Programs and Runs are protobuf messages in a frame of 32 bytes, all numbers
// little-endian:
//
//   0  magic, 8 bytes      8  version, 4     12  zero, 4
//   16 payload size, 8     24 XXH3 of the payload, 8
//
// The version comes before anything that may change with it, so another
// version is told by its number and not as a damaged file.
//
//===----------------------------------------------------------------------===//
#ifndef SYNFIRE_RUNTIME_PROGRAM_FRAME_H
#define SYNFIRE_RUNTIME_PROGRAM_FRAME_H

#include "runtime/support/Status.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace google::protobuf {
class MessageLite;
} // namespace google::protobuf

namespace synfire {

/// What a framed file holds.
struct FrameKind {
  std::string_view magic; ///< 8 bytes
  int version;
  const char *noun; ///< "program", for messages
};

/// XXH3, 64 bits.
std::uint64_t checksum(const void *data, std::size_t size);

/// The checksum of bytes that come in pieces.
class ChecksumStream {
public:
  ChecksumStream();
  ~ChecksumStream();
  ChecksumStream(ChecksumStream &&) noexcept;
  void add(const void *data, std::size_t size);
  std::uint64_t value() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

/// The bytes of the framed message; errors name `path`.
Result<std::string> frameMessage(const google::protobuf::MessageLite &message,
                                 const FrameKind &kind,
                                 const std::string &path);

/// Checks the frame of `path` and parses the payload into `message`.
Status readFramed(google::protobuf::MessageLite &message, const FrameKind &kind,
                  const std::string &path);

} // namespace synfire

#endif // SYNFIRE_RUNTIME_PROGRAM_FRAME_H
