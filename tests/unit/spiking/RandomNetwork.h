//===- RandomNetwork.h - networks of every kind from a seed -----*- C++ -*-===//
#ifndef SYNFIRE_TESTS_UNIT_SPIKING_RANDOMNETWORK_H
#define SYNFIRE_TESTS_UNIT_SPIKING_RANDOMNETWORK_H

#include <random>
#include <string>
#include <vector>

namespace synfire::tests {

/// Populations of all rules, connections of all kinds, recurrent ones among
/// them; the text without placements.
class RandomNetwork {
public:
  explicit RandomNetwork(unsigned seed) : generator(seed) {
    const int populations = pick(2, 5);
    text = "name: \"random\"\n";
    for (int p = 0; p < populations; ++p)
      addPopulation(p);
    const int connections = pick(2, 7);
    for (int c = 0; c < connections; ++c)
      addConnection(pick(0, populations - 1), pick(0, populations - 1));
  }

  /// Every population in parts of random sizes; cores are shared at times.
  std::string placements() {
    std::string places = pick(0, 1) ? "core_order: ROUTER_COLUMNS\n" : "";
    int core = pick(0, 9);
    for (std::size_t p = 0; p < sizes.size(); ++p)
      for (int first = 0; first < sizes[p];) {
        const int neurons = pick(1, sizes[p] - first);
        const int perCore = pick(1 + neurons / 4, neurons);
        places += "placement { population: " + name(static_cast<int>(p)) +
                  " first_neuron: " + std::to_string(first) +
                  " neurons: " + std::to_string(neurons) +
                  " core: " + std::to_string(core) +
                  " neurons_per_core: " + std::to_string(perCore) + " }\n";
        first += neurons;
        core += pick(0, 7);
      }
    return places;
  }

  std::string text;

private:
  int pick(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(generator);
  }
  static std::string name(int population) {
    return "\"p" + std::to_string(population) + "\"";
  }
  static std::string field(const char *key, int value) {
    return std::string(" ") + key + ": " + std::to_string(value);
  }

  void addPopulation(int number) {
    const int neurons = pick(1, 90);
    sizes.push_back(neurons);
    text += "population { name: " + name(number) + field("neurons", neurons);
    switch (number == 0 ? pick(1, 3) : pick(0, 5)) {
    case 1: {
      const int stride = pick(1, 5), period = pick(1, 4);
      text += " forced {" + field("stride", stride) +
              field("offset", pick(0, stride - 1)) + field("period", period) +
              field("phase", pick(0, period - 1)) + " } }\n";
      return;
    }
    case 2:
      text += " random {" + field("per_million", pick(0, 600000)) +
              field("seed", pick(0, 99)) + " } }\n";
      return;
    case 3:
      text += " scheduled {";
      for (int step = 0; step < 20; step += pick(1, 3))
        text += " spike {" + field("step", step) +
                field("neuron", pick(0, neurons - 1)) + " }";
      text += " } }\n";
      return;
    default:
      break;
    }
    const bool subtracts = pick(0, 1) == 1;
    text += " leaky_integrate_and_fire {" + field("threshold", pick(1, 300)) +
            field("decay", pick(0, 1) * pick(0, 4096)) +
            field("bias", pick(-3, 20)) +
            field("refractory_steps", pick(0, 1) * pick(0, 3)) +
            field("initial_membrane", pick(-50, 50)) +
            (subtracts ? " reset: SUBTRACT_THRESHOLD"
                       : field("reset_membrane", pick(-40, 0))) +
            " } }\n";
  }

  void addConnection(int from, int to) {
    const int sources = sizes[static_cast<std::size_t>(from)];
    const int targets = sizes[static_cast<std::size_t>(to)];
    const std::string salt = std::to_string(pick(0, 9999));
    text += "connection { from: " + name(from) + " to: " + name(to);
    switch (pick(0, 2)) {
    case 0:
      text +=
          " dense { weight: \"hash(i, j, " + salt + ") mod 256 - 128\" } }\n";
      return;
    case 1:
      text += " generated { loop { name: \"s\"" + field("count", pick(1, 12)) +
              " } target: \"hash(i, s, " + salt + ") mod " +
              std::to_string(targets) + "\" weight: \"hash(s, j, " + salt +
              ") mod 201 - 100\" } }\n";
      return;
    default:
      text += " listed {";
      for (int n = pick(0, 60); n > 0; --n)
        text += " synapse {" + field("from", pick(0, sources - 1)) +
                field("to", pick(0, targets - 1)) +
                field("weight", pick(-128, 127)) + " }";
      text += " } }\n";
    }
  }

  std::mt19937 generator;
  std::vector<int> sizes;
};

} // namespace synfire::tests

#endif // SYNFIRE_TESTS_UNIT_SPIKING_RANDOMNETWORK_H
