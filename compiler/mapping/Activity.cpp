//===- Activity.cpp - how many events to expect ---------------------------===//
#include "compiler/mapping/Activity.h"

#include "runtime/program/Trains.h"

#include <algorithm>

namespace synfire {
namespace {

double assumedEvents(const Program &program, const Stage &stage) {
  switch (stage.fire) {
  case FireKind::Neuron:
    return assumedFiringShare * trainSteps(program, stage);
  case FireKind::Lookup:
    return stage.digital ? program.frames
                         : assumedSetBits * trainSteps(program, stage);
  case FireKind::Number:
    return program.frames;
  case FireKind::Output:
    return 0;
  }
  return 0;
}

} // namespace

std::vector<StageActivity> expectedActivity(const Program &program,
                                            const MeasuredActivity &measured) {
  std::vector<StageActivity> activity(program.stages.size());
  for (std::size_t s = 0; s < activity.size(); ++s) {
    const Stage &stage = program.stages[s];
    StageActivity &of = activity[s];
    const auto known = measured.find(stage.name);
    of.eventsPerNeuron =
        known != measured.end() ? known->second : assumedEvents(program, stage);
    of.activeColumns =
        stage.perKey ? (stage.groupWidth + 1) / 2.0 : stage.groupWidth;
    of.steps = std::max(1, trainSteps(program, stage));
    if (program.mapping.chip.binarySpikes)
      of.packetsPerEvent = std::max(1, eventBits(program, stage));
  }
  return activity;
}

} // namespace synfire
