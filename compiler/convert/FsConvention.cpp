//===- FsConvention.cpp - the two reset conventions of FS tables ----------===//
#include "compiler/convert/FsConvention.h"

#include <algorithm>

namespace synfire {

std::vector<std::int64_t>
immediateDecrements(const std::vector<std::int64_t> &delayed) {
  std::vector<std::int64_t> immediate(delayed.size(), 0);
  if (!delayed.empty())
    std::copy(delayed.begin() + 1, delayed.end(), immediate.begin());
  return immediate;
}

} // namespace synfire
