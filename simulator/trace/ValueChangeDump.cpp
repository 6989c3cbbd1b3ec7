//===- ValueChangeDump.cpp - a run as signals -----------------------------===//
#include "simulator/trace/ValueChangeDump.h"

#include "simulator/trace/CycleClock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace synfire {
namespace {

/// Variables are numbered as they appear; the first two are always there.
constexpr std::size_t windowVariable = 0, stepVariable = 1;
constexpr int numberBits = 64;

/// Bijective base 94 over the printable characters '!' to '~'.
std::string identifierOf(std::size_t variable) {
  std::string code;
  for (std::size_t rest = variable + 1; rest > 0; rest = (rest - 1) / 94)
    code += static_cast<char>('!' + (rest - 1) % 94);
  return code;
}

struct CloseFile {
  void operator()(std::FILE *file) const { std::fclose(file); }
};

/// The list of variables comes first in the file, but which cores and links
/// are used is known last: changes wait in a file of their own.
class ValueChangeDump final : public StepSink {
public:
  ValueChangeDump(const Program &compiled, std::unique_ptr<AtomicFile> target,
                  std::FILE *changeFile)
      : program(compiled), file(std::move(target)), changes(changeFile),
        clock(program.mapping.chip.timing.clockHz, 1e12) {
    values = {0, 0};
  }

  Status write(const StepRecord &record) override {
    const CycleInterval &step = record.step.cycles;
    set(step.begin, windowVariable, record.window);
    set(step.begin, stepVariable, record.step.number);
    for (const CoreTimeline &core : record.cores)
      drawCore(core);
    for (const LinkPiece &link : record.links)
      draw(variableOf(links, {link.fromRouter, link.toRouter}), link.cycles);
    end = step.end;
    return emit(clock.timeOf(step.end));
  }

  Status finish() override {
    // What ends with the last step ends here.
    SYNFIRE_TRY(emit(clock.timeOf(end) + 1));
    std::string header = fmt::format("$version synfire $end\n"
                                     "$timescale 1 ps $end\n"
                                     "$scope module machine $end\n");
    auto declare = [&](int bits, std::size_t variable,
                       const std::string &name) {
      fmt::format_to(std::back_inserter(header), "$var {} {} {} {} $end\n",
                     bits == 1 ? "wire" : "integer", bits,
                     identifierOf(variable), name);
    };
    declare(numberBits, windowVariable, "window");
    declare(numberBits, stepVariable, "step");
    header += "$scope module cores $end\n";
    for (const auto &[core, variable] : cores)
      declare(1, variable, fmt::format("core_{}", core));
    header += "$upscope $end\n$scope module links $end\n";
    for (const auto &[routers, variable] : links)
      declare(1, variable,
              fmt::format("router_{}_to_{}", routers.first, routers.second));
    header += "$upscope $end\n$upscope $end\n$enddefinitions $end\n"
              "$dumpvars\n";
    for (std::size_t i = 0; i < values.size(); ++i)
      header += change(i, 0);
    header += "$end\n";
    SYNFIRE_TRY(file->append(header.data(), header.size()));
    SYNFIRE_TRY(copyChanges());
    const std::string last = fmt::format("#{}\n", clock.timeOf(end));
    if (lastTime < clock.timeOf(end))
      SYNFIRE_TRY(file->append(last.data(), last.size()));
    return file->commit();
  }

private:
  struct Change {
    std::uint64_t time;
    std::size_t variable;
    std::uint64_t value;
  };

  template <typename Key>
  std::size_t variableOf(std::map<Key, std::size_t> &known, const Key &key) {
    const auto [place, isNew] = known.emplace(key, values.size());
    if (isNew)
      values.push_back(0);
    return place->second;
  }

  void set(std::uint64_t cycle, std::size_t variable, std::uint64_t value) {
    pending.push_back({clock.timeOf(cycle), variable, value});
  }
  void draw(std::size_t variable, const CycleInterval &cycles) {
    if (clock.timeOf(cycles.begin) == clock.timeOf(cycles.end))
      return;
    set(cycles.begin, variable, 1);
    set(cycles.end, variable, 0);
  }

  /// One signal for what may overlap.
  void drawCore(const CoreTimeline &core) {
    std::array<CycleInterval, 3> parts = {core.update, core.send, core.receive};
    std::sort(parts.begin(), parts.end(),
              [](const CycleInterval &a, const CycleInterval &b) {
                return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
              });
    CycleInterval joined;
    for (const CycleInterval &part : parts) {
      if (part.begin == part.end)
        continue;
      if (joined.begin == joined.end)
        joined = part;
      else if (part.begin <= joined.end)
        joined.end = std::max(joined.end, part.end);
      else {
        draw(variableOf(cores, core.core), joined);
        joined = part;
      }
    }
    if (joined.end > joined.begin)
      draw(variableOf(cores, core.core), joined);
  }

  static std::string change(std::size_t variable, std::uint64_t value) {
    if (variable > stepVariable)
      return fmt::format("{}{}\n", value, identifierOf(variable));
    return fmt::format("b{:b} {}\n", value, identifierOf(variable));
  }

  /// Writes what changes before `time`. An end and a beginning at the same
  /// time are no change, and what ends with a step may go on with the next.
  Status emit(std::uint64_t time) {
    std::sort(pending.begin(), pending.end(),
              [](const Change &a, const Change &b) {
                return std::tie(a.time, a.variable, a.value) <
                       std::tie(b.time, b.variable, b.value);
              });
    text.clear();
    std::size_t i = 0;
    for (; i < pending.size() && pending[i].time < time; ++i) {
      const Change &now = pending[i];
      // The last of several at one time is the largest, hence a beginning.
      if (i + 1 < pending.size() && pending[i + 1].time == now.time &&
          pending[i + 1].variable == now.variable)
        continue;
      if (values[now.variable] == now.value)
        continue;
      values[now.variable] = now.value;
      if (!started || lastTime != now.time)
        fmt::format_to(std::back_inserter(text), "#{}\n", now.time);
      started = true;
      lastTime = now.time;
      text += change(now.variable, now.value);
    }
    pending.erase(pending.begin(),
                  pending.begin() + static_cast<std::ptrdiff_t>(i));
    if (std::fwrite(text.data(), 1, text.size(), changes.get()) != text.size())
      return makeError("cannot write the changes to a temporary file");
    return Status::success();
  }

  Status copyChanges() {
    if (std::fseek(changes.get(), 0, SEEK_SET) != 0)
      return makeError("cannot read the changes from a temporary file");
    std::vector<char> piece(std::size_t(1) << 20);
    while (true) {
      const std::size_t count =
          std::fread(piece.data(), 1, piece.size(), changes.get());
      if (count == 0)
        break;
      SYNFIRE_TRY(file->append(piece.data(), count));
    }
    if (std::ferror(changes.get()))
      return makeError("cannot read the changes from a temporary file");
    return Status::success();
  }

  const Program &program;
  std::unique_ptr<AtomicFile> file;
  std::unique_ptr<std::FILE, CloseFile> changes;
  CycleClock clock;
  std::map<int, std::size_t> cores;
  std::map<std::pair<int, int>, std::size_t> links;
  std::vector<std::uint64_t> values; ///< by variable, as written
  std::vector<Change> pending;
  std::string text;
  bool started = false;
  std::uint64_t lastTime = 0, end = 0;
};

} // namespace

Result<std::unique_ptr<StepSink>> makeValueChangeDump(const Program &program,
                                                      const std::string &path) {
  SYNFIRE_ASSIGN(auto file, AtomicFile::create(path));
  std::FILE *changes = std::tmpfile();
  if (!changes)
    return makeError("cannot create a temporary file", path);
  return std::unique_ptr<StepSink>(
      new ValueChangeDump(program, std::move(file), changes));
}

} // namespace synfire
