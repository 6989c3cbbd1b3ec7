//===- System.cpp - how many chips a mapping takes ------------------------===//
#include "compiler/mapping/System.h"

#include "compiler/mapping/Unfit.h"
#include "runtime/program/SystemSizes.h"
#include "runtime/support/DivideUp.h"

#include <algorithm>

namespace synfire {

Result<Routing> chooseSystem(const ChipModel &chip, std::int64_t cores) {
  const std::int64_t perChip = chip.coresPerChip();
  SystemSizes sizes(chip.mesh, divideUp(cores, perChip));
  std::int64_t mostUsable = 0;
  while (const auto size = sizes.next()) {
    SYNFIRE_ASSIGN(Routing routing,
                   Routing::create(chip, size->chipsX, size->chipsY));
    if (routing.usableCores() >= cores)
      return routing;
    mostUsable = std::max<std::int64_t>(mostUsable, routing.usableCores());
  }
  return describeTooManyCores(chip, cores, mostUsable);
}

} // namespace synfire
