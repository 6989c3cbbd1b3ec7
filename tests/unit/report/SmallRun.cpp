//===- SmallRun.cpp - a run with round numbers ----------------------------===//
#include "SmallRun.h"

namespace synfire::test {

namespace {

void addStage(Run &run, const char *name, int layer, StageRole role,
              std::uint64_t values, std::vector<std::uint64_t> spikesByStep,
              const Counters &counters) {
  StageRun stage;
  stage.values = values;
  stage.counters = counters;
  for (std::uint64_t spikes : spikesByStep)
    stage.counters[Counter::Spike] += spikes;
  stage.spikesByStep = std::move(spikesByStep);
  run.stageNames.push_back(name);
  run.stageLayers.push_back(layer);
  run.stageRoles.push_back(role);
  run.total += stage.counters;
  run.stages.push_back(std::move(stage));
}

} // namespace

Run smallRun(bool machine) {
  Run run;
  run.executor = machine ? "machine" : "engine";
  run.model.name = "small";
  run.model.architecture = "LlamaForCausalLM";
  run.model.vocabulary = 10;
  run.model.hidden = 4;
  run.model.intermediate = 6;
  run.model.layers = 1;
  run.model.heads = 2;
  run.model.keyValueHeads = 1;
  run.model.headWidth = 2;
  run.model.context = 8;
  run.conversion.method = "phase";
  run.conversion.steps = 4;
  run.conversion.wideSteps = 6;
  run.conversion.weightBits = 8;
  run.conversion.hg = "lut";
  run.conversion.saa = "stored";
  run.chip.name = "testchip";
  run.chip.core.synapseBytes = 128 * 1024;
  run.chip.core.lookupBytes = 8 * 1024;
  run.chip.energy.published = true;
  run.chip.energy.synapticOperation = 20;
  run.chip.energy.neuronUpdate = 80;
  run.chip.energy.neuronUpdateInactive = 50;
  run.chip.energy.spikeFired = 6;
  run.chip.energy.messageReceived = 9;
  run.chip.energy.spikeWithinRouter = 2;
  run.chip.energy.hopEastWest = 3;
  run.chip.energy.hopNorthSouth = 4;
  run.chip.energy.staticWattsPerChip = 0.5;
  run.usedCores = 2;
  run.usedChips = 2;
  run.digest = 0x0123456789abcdefull;
  run.promptTokens = {1, 2};
  run.outputTokens = {3, 4};
  run.text = "two \xff words";

  Counters embed;
  embed[Counter::SopLinear] = 12;
  embed[Counter::WeightRead] = 12;
  embed[Counter::WeightReadBits] = 96;
  embed[Counter::NeuronUpdate] = 72;
  addStage(run, "embed", -1, StageRole::Embedding, 12, {1, 2, 3, 4, 5, 9},
           embed);
  Counters scores;
  scores[Counter::SopAttention] = 100;
  scores[Counter::StoredRead] = 100;
  scores[Counter::StoredReadBits] = 1700;
  scores[Counter::Mac] = 12;
  scores[Counter::Compare] = 48;
  scores[Counter::LookupRead] = 12;
  scores[Counter::NeuronUpdate] = 48;
  addStage(run, "layers.0.attn.exp", 0, StageRole::Attention, 12, {6, 6, 0, 12},
           scores);
  run.stages.back().scoresKeys = true;
  Counters projection;
  projection[Counter::SopLinear] = 200;
  projection[Counter::HiddenMultiply] = 50;
  projection[Counter::WeightRead] = 200;
  projection[Counter::WeightReadBits] = 1600;
  projection[Counter::Mac] = 12;
  projection[Counter::NeuronUpdate] = 48;
  addStage(run, "layers.0.attn.q_proj", 0, StageRole::Linear, 12, {3, 3, 3, 3},
           projection);
  Counters logits;
  logits[Counter::SopLinear] = 400;
  logits[Counter::Mac] = 30;
  addStage(run, "logits", 1, StageRole::LmHead, 30, {}, logits);

  if (machine) {
    StageRun &sender = run.stages.front();
    sender.counters[Counter::SpikeSent] = 10;
    sender.counters[Counter::SpikeDelivered] = 13;
    sender.counters[Counter::HopEastWest] = 7;
    sender.counters[Counter::HopNorthSouth] = 5;
    run.total[Counter::SpikeSent] = 10;
    run.total[Counter::SpikeDelivered] = 13;
    run.total[Counter::HopEastWest] = 7;
    run.total[Counter::HopNorthSouth] = 5;
    run.timing.noc = "burst";
    run.timing.cycles = 2000;
    run.timing.clockHz = 1e6;
    run.timing.steps = 40;
    run.timing.computeBoundSteps = 20;
    run.timing.linkBoundSteps = 10;
    run.timing.barrierBoundSteps = 10;
    run.timing.barrierCycles = 500;
    run.timing.prefillCycles = 1000;
    run.timing.tokenCycles = {400, 600};
    run.timing.busiestCore = 1;
    CoreRun core;
    core.core = 1;
    core.busyCycles = 1500;
    core.counters[Counter::SopLinear] = 300;
    core.stageCycles.values = {100, 900, 200, 50, 1200, 300};
    core.stallCycles.values = {40, 30, 20, 10, 5};
    core.packetsSent = 10;
    core.packetsReceived = 9;
    core.peakInputQueue = 4;
    core.stages = {0, 1};
    core.demand.synapseBytes = 1000;
    run.cores = {core};
    run.timing.boundCycles = 1500;
    run.timing.causeSteps[StepCause::SynapseMemory] = 20;
    run.timing.causeCycles[StepCause::SynapseMemory] = 1400;
    run.timing.causeSteps[StepCause::Link] = 10;
    run.timing.causeCycles[StepCause::Link] = 400;
    run.timing.causeSteps[StepCause::Barrier] = 10;
    run.timing.causeCycles[StepCause::Barrier] = 200;
    run.links = {{0, 1, 12, 24, 0.25}};
  }
  return run;
}

} // namespace synfire::test
