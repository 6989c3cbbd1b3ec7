#include "tools/synfire/ExecutionOptions.h"
#include "tools/synfire/OptionChecks.h"

#include <vector>

namespace synfire {

void addExecutionOptions(CLI::App &command, int &threads, std::string &record,
                         bool &json) {
  command.add_option("--threads", threads, "results do not depend on it")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--run", record, "record the run in this file")
      ->check(namesFile());
  command.add_flag("--json", json, "report as one JSON object");
}

void addNocOption(CLI::App &command, std::string &noc, bool mayCount) {
  std::vector<std::string> models = {"ideal", "burst", "packet"};
  std::string help = "ideal: no contention; burst: bursts of spikes queue for "
                     "links; packet: every flit through the routers, slow";
  if (mayCount) {
    models.insert(models.begin(), "none");
    help.insert(0, "none: no time; ");
  }
  command.add_option("--noc", noc, help)
      ->check(CLI::IsMember(models))
      ->capture_default_str();
}

void addSeedOption(CLI::App &command, std::uint64_t &seed,
                   const std::string &help) {
  command.add_option("--seed", seed, help)
      ->check(seedNumber())
      ->capture_default_str();
}

} // namespace synfire
