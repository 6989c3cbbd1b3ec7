//===- Pipeline.cpp - which token is at which level -----------------------===//
#include "simulator/machine/Pipeline.h"

#include <algorithm>
#include <utility>

namespace synfire {

int greedyToken(const std::vector<std::int32_t> &logits) {
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) -
                          logits.begin());
}

Pipeline::Pipeline(const Program &program, std::vector<int> prompt,
                   int tokensToGenerate, TokenSampler chosen)
    : promptTokens(std::move(prompt)),
      wanted(static_cast<std::size_t>(tokensToGenerate)),
      sampler(std::move(chosen)), vocabulary(program.model.vocabulary),
      frames(program.frames), prefix(program.prefix),
      lastLevel(program.mapping.schedule.levels() - 1),
      logitsLevel(program.mapping.schedule.fireLevel.back()),
      logitScale(program.stages.back().membraneScale) {
  enter(promptTokens.front());
}

int Pipeline::tokensExpected() const {
  return static_cast<int>(promptTokens.size() + (wanted > 0 ? wanted - 1 : 0));
}

void Pipeline::enter(int token) {
  ++entered;
  enteringToken = token;
  framesEntered = 0;
  enterNextFrame();
}

void Pipeline::enterNextFrame() {
  inFlight.push_back(
      {{prefix + entered - 1, framesEntered++}, enteringToken, 0});
}

Status Pipeline::advance(std::uint64_t cycle,
                         const std::vector<std::int32_t> &logits) {
  for (const WindowToken &token : inFlight)
    if (token.level == logitsLevel && token.at.frame + 1 == frames)
      SYNFIRE_TRY(finishToken(token.at.position, cycle, logits));
  for (WindowToken &token : inFlight)
    ++token.level;
  inFlight.erase(std::remove_if(inFlight.begin(), inFlight.end(),
                                [&](const WindowToken &token) {
                                  return token.level > lastLevel;
                                }),
                 inFlight.end());
  if (framesEntered < frames) {
    enterNextFrame();
  } else if (static_cast<std::size_t>(entered) < promptTokens.size()) {
    enter(promptTokens[static_cast<std::size_t>(entered)]);
  } else if (nextToken >= 0) {
    enter(nextToken);
    nextToken = -1;
    entryCycle = cycle;
  }
  return Status::success();
}

Status Pipeline::finishToken(int position, std::uint64_t cycle,
                             const std::vector<std::int32_t> &logits) {
  ++finished;
  const auto tokens = static_cast<std::size_t>(position - prefix) + 1;
  if (tokens < promptTokens.size())
    return Status::success();
  if (tokens == promptTokens.size())
    prefillEnd = cycle;
  else
    latencies.push_back(cycle - entryCycle);
  if (outputTokens.size() == wanted)
    return Status::success();
  const int token = sampler ? sampler(logits, logitScale) : greedyToken(logits);
  if (token >= vocabulary)
    return makeError("the sampler chose token " + std::to_string(token) +
                     ", but the vocabulary holds " +
                     std::to_string(vocabulary));
  if (token < 0)
    return Status::success();
  outputTokens.push_back(token);
  if (outputTokens.size() < wanted)
    nextToken = token;
  return Status::success();
}

} // namespace synfire
