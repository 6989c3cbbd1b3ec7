//===- TokenFrame.h - the unit of work of a window --------------*- C++ -*-===//
#ifndef SYNFIRE_SIMULATOR_MACHINE_TOKENFRAME_H
#define SYNFIRE_SIMULATOR_MACHINE_TOKENFRAME_H

namespace synfire {

/// One of the parts in which a token streams through the stages (program.md,
/// P10); the only one where a Program has one frame.
struct TokenFrame {
  int position = -1; ///< of the token; -1: none
  int frame = 0;
};

} // namespace synfire

#endif // SYNFIRE_SIMULATOR_MACHINE_TOKENFRAME_H
