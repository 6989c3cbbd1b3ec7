//===- TraceFiles.h - trace files as their readers see them -----*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_TRACE_TRACEFILES_H
#define SYNFIRE_TESTS_UNIT_TRACE_TRACEFILES_H

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace synfire::tests {

struct Slice {
  std::string name;
  std::uint64_t begin = 0, end = 0; ///< ns
  nlohmann::json arguments;
};

struct SliceTrack {
  std::vector<Slice> slices; ///< in the order of the file
  std::uint64_t length() const {
    std::uint64_t sum = 0;
    for (const Slice &slice : slices)
      sum += slice.end - slice.begin;
    return sum;
  }
};

struct SliceFile {
  std::map<std::string, SliceTrack> tracks; ///< by "process/thread"
  std::map<std::string, std::vector<std::pair<std::uint64_t, std::int64_t>>>
      counters; ///< (ns, value)
  nlohmann::json other;
};

inline SliceFile readSlices(const std::string &path) {
  std::ifstream in(path);
  const nlohmann::json file = nlohmann::json::parse(in);
  auto nanoseconds = [](const nlohmann::json &microseconds) {
    return static_cast<std::uint64_t>(
        std::llround(microseconds.get<double>() * 1000));
  };
  std::map<std::int64_t, std::string> processes, threads;
  std::map<std::int64_t, std::int64_t> processOfThread;
  SliceFile result;
  result.other = file.at("otherData");
  for (const nlohmann::json &event : file.at("traceEvents")) {
    if (event.at("ph") != "M")
      continue;
    if (event.at("name") == "process_name")
      processes[event.at("pid")] = event.at("args").at("name");
    if (event.at("name") == "thread_name") {
      const std::int64_t thread = event.at("tid");
      EXPECT_EQ(processOfThread.count(thread), 0u) << thread;
      processOfThread[thread] = event.at("pid");
      threads[thread] = processes.at(event.at("pid")) + "/" +
                        event.at("args").at("name").get<std::string>();
      result.tracks[threads[thread]];
    }
  }
  for (const nlohmann::json &event : file.at("traceEvents")) {
    if (event.at("ph") == "X") {
      EXPECT_EQ(processOfThread.at(event.at("tid")), event.at("pid"));
      Slice slice;
      slice.name = event.at("name");
      slice.begin = nanoseconds(event.at("ts"));
      slice.end = slice.begin + nanoseconds(event.at("dur"));
      slice.arguments = event.at("args");
      result.tracks.at(threads.at(event.at("tid"))).slices.push_back(slice);
    }
    if (event.at("ph") == "C")
      result.counters[event.at("name")].emplace_back(
          nanoseconds(event.at("ts")), event.at("args").at("value"));
  }
  return result;
}

inline void expectNoOverlap(const SliceFile &file, std::uint64_t end) {
  std::size_t count = 0;
  for (const auto &[name, track] : file.tracks) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> slices;
    for (const Slice &slice : track.slices)
      slices.emplace_back(slice.begin, slice.end);
    std::sort(slices.begin(), slices.end());
    for (std::size_t i = 0; i < slices.size(); ++i) {
      EXPECT_LE(slices[i].second, end) << name;
      if (i > 0) {
        EXPECT_LE(slices[i - 1].second, slices[i].first) << name;
      }
    }
    count += slices.size();
  }
  EXPECT_GT(count, 0u);
}

struct SignalFile {
  std::string timescale;
  std::map<std::string, std::uint64_t> busy; ///< wires: time at 1
  std::map<std::string, std::uint64_t> last; ///< numbers: last value
  std::uint64_t end = 0;

  /// 0 for what never was busy: only what was has a signal.
  std::uint64_t busyTime(const std::string &name) const {
    const auto place = busy.find(name);
    return place == busy.end() ? 0 : place->second;
  }
};

/// A reader of what value change dumps may contain, not of what ours do; it
/// expects changes to be changes and time to go on.
inline SignalFile readSignals(const std::string &path) {
  struct Signal {
    std::string name;
    int bits = 0;
    std::string value = "x";
    std::uint64_t since = 0;
  };
  std::ifstream in(path);
  SignalFile result;
  std::map<std::string, Signal> signals;
  std::string scope, word;
  bool defined = false, initial = false;
  std::uint64_t now = 0;
  auto upToEnd = [&] {
    std::string text, part;
    while (in >> part && part != "$end")
      text += (text.empty() ? "" : " ") + part;
    return text;
  };
  auto change = [&](const std::string &code, const std::string &value) {
    auto place = signals.find(code);
    ASSERT_NE(place, signals.end()) << code;
    Signal &signal = place->second;
    if (!initial) {
      EXPECT_NE(signal.value, value) << signal.name << " at " << now;
    }
    if (signal.bits == 1) {
      if (signal.value == "1")
        result.busy[signal.name] += now - signal.since;
      signal.since = now;
    } else {
      result.last[signal.name] = std::stoull(value, nullptr, 2);
    }
    signal.value = value;
  };
  while (in >> word) {
    if (word == "$timescale") {
      result.timescale = upToEnd();
    } else if (word == "$scope") {
      std::istringstream text(upToEnd());
      std::string kind, name;
      text >> kind >> name;
      scope += name + ".";
    } else if (word == "$upscope") {
      upToEnd();
      scope.erase(scope.rfind('.', scope.size() - 2) + 1);
    } else if (word == "$var") {
      std::istringstream text(upToEnd());
      std::string kind, code;
      Signal signal;
      text >> kind >> signal.bits >> code >> signal.name;
      signal.name = scope + signal.name;
      EXPECT_TRUE(signals.emplace(code, signal).second) << code;
      if (signal.bits == 1)
        result.busy[signal.name] = 0;
    } else if (word == "$enddefinitions") {
      upToEnd();
      defined = true;
    } else if (word == "$dumpvars") {
      initial = true;
    } else if (word == "$end") {
      initial = false;
    } else if (word[0] == '$') {
      upToEnd();
    } else if (word[0] == '#') {
      EXPECT_TRUE(defined);
      const std::uint64_t time = std::stoull(word.substr(1));
      EXPECT_GE(time, now);
      now = time;
    } else if (word[0] == 'b') {
      std::string code;
      in >> code;
      change(code, word.substr(1));
    } else {
      change(word.substr(1), word.substr(0, 1));
    }
  }
  EXPECT_TRUE(defined);
  for (const auto &[code, signal] : signals) {
    EXPECT_NE(signal.value, "x") << signal.name;
    EXPECT_NE(signal.bits == 1 ? signal.value : "0", "1") << signal.name;
  }
  result.end = now;
  return result;
}

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_TRACE_TRACEFILES_H
