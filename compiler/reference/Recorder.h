//===- Recorder.h - who listens to the values of a run ----------*- C++ -*-===//
#ifndef SYNFIRE_COMPILER_REFERENCE_RECORDER_H
#define SYNFIRE_COMPILER_REFERENCE_RECORDER_H

#include "compiler/reference/Kernels.h"
#include "compiler/reference/Samples.h"
#include "compiler/reference/SiteObserver.h"
#include "compiler/reference/Statistics.h"

#include <cstdint>
#include <string>

namespace synfire::reference {

/// The listeners of one site; any may be missing.
struct SiteRecorder {
  SiteStatistics *statistics = nullptr;
  SiteSamples *samples = nullptr;
  const SiteObserver *observer = nullptr;
  std::string site; ///< set where there is an observer

  void addRows(ConstRows values, std::int64_t rows, std::int64_t width) const {
    if (observer)
      (*observer)(site, values.data, rows, values.stride, width);
    if (!statistics && !samples)
      return;
    for (std::int64_t row = 0; row < rows; ++row) {
      const float *line = values.data + row * values.stride;
      if (statistics)
        statistics->add(line, 1, width);
      if (samples)
        samples->add(line, width);
    }
  }
  /// Values that all belong to one channel.
  void addToChannel(std::int64_t channel, const float *values,
                    std::int64_t count) const {
    if (statistics)
      statistics->addToChannel(channel, values, count);
    if (samples)
      samples->add(values, count);
  }
};

/// The listeners of a run.
struct Recorder {
  StatisticsMap *statistics = nullptr;
  SampleMap *samples = nullptr;
  SiteObserver observer;

  explicit operator bool() const { return statistics || samples || observer; }
  SiteRecorder at(const std::string &site) const {
    return {statistics ? &(*statistics)[site] : nullptr,
            samples ? &(*samples)[site] : nullptr,
            observer ? &observer : nullptr, observer ? site : std::string()};
  }
};

} // namespace synfire::reference

#endif // SYNFIRE_COMPILER_REFERENCE_RECORDER_H
