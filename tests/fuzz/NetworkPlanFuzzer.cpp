//===- NetworkPlanFuzzer.cpp - any bytes as a plan ------------------------===//
#include "compiler/convert/SiteCoding.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace synfire;

/// A plan that was accepted holds valid units and survives a round trip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data,
                                      std::size_t size) {
  auto plan = networkPlanFromJson({reinterpret_cast<const char *>(data), size},
                                  "plan.json");
  if (!plan) {
    if (plan.error().message().empty())
      std::abort();
    return 0;
  }
  for (const auto &[site, unit] : plan->codings)
    if (const auto *table = std::get_if<TableUnit>(&unit))
      if (!verify(table->config).ok())
        std::abort();
  const std::string text = toJson(*plan);
  auto again = networkPlanFromJson(text, "plan.json");
  if (!again || toJson(*again) != text)
    std::abort();
  return 0;
}
