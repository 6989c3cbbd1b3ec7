#include "tools/synfire/Commands.h"

#include "runtime/program/Run.h"
#include "runtime/report/Report.h"

#include <fmt/format.h>
#include <memory>

namespace synfire {
namespace {

struct ReportFlags {
  std::string run;
  bool json = false;
};

Status report(const ReportFlags &flags) {
  SYNFIRE_ASSIGN(Run run, loadRun(flags.run));
  fmt::print("{}", flags.json ? reportJson(run) + "\n" : reportText(run));
  return {};
}

} // namespace

void addReportCommand(CLI::App &app, Action &action) {
  auto flags = std::make_shared<ReportFlags>();
  CLI::App *command = app.add_subcommand(
      "report", "what a recorded run cost, beside the networks that do not "
                "spike");
  command->add_option("run", flags->run, "Run file (--run of run or simulate)")
      ->required();
  command->add_flag("--json", flags->json, "one JSON object");
  command->callback(
      [flags, &action] { action = [flags] { return report(*flags); }; });
}

} // namespace synfire
