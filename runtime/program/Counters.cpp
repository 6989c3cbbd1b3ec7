//===- Counters.cpp - name, unit and sentence of every counter ------------===//
#include "runtime/program/Run.h"

namespace synfire {

const CounterInfo &info(Counter counter) {
  static const CounterInfo table[] = {
      {"sop_linear", "events", "additions by spikes in linear layers"},
      {"sop_attention", "events",
       "additions by spikes between two activations of attention"},
      {"sop_other", "events",
       "additions by spikes in norms, rotations, residuals and products"},
      {"hidden_multiply", "events",
       "additions whose payload is no power of two, so they hide a multiply"},
      {"requantisations", "events",
       "digital multiplies that rescale an accumulator"},
      {"compare", "events", "digital comparisons of a running maximum"},
      {"lookup_reads", "events", "rows read by the look-up unit"},
      {"neuron_updates", "events", "active neurons times steps"},
      {"spikes", "events", "spikes fired"},
      {"spike_bits", "bits", "native width of the spikes fired"},
      {"weight_reads", "words", "static weights and coefficients fetched"},
      {"weight_read_bits", "bits", "width of the weights fetched"},
      {"stored_reads", "words", "dynamic synapse words read"},
      {"stored_read_bits", "bits", "width of the dynamic words read"},
      {"stored_writes", "words", "dynamic synapse words written"},
      {"stored_write_bits", "bits", "width of the dynamic words written"},
      {"state_reads", "words", "accumulator and membrane words read"},
      {"state_writes", "words", "accumulator and membrane words written"},
      {"numbers", "events", "values that digital stages send"},
      {"number_bits", "bits", "widths of those values"},
      {"digital_macs", "events",
       "multiply-accumulates that those values drive"},
      {"axon_reads", "events",
       "input axon entries read by what arrives at a core"},
      {"spikes_sent", "packets",
       "spikes sent, once per destination core or set of them"},
      {"hops_east_west", "hops",
       "packets of spikes and partial sums times hops along rows"},
      {"hops_north_south", "hops", "the same packets times hops along columns"},
      {"chip_crossings", "hops", "the same packets times chip borders crossed"},
      {"maximum_exchanges", "packets",
       "messages that join the maxima of a group split over cores"},
      {"partial_sums", "packets",
       "sums of one part of a neuron's inputs, sent to its core"},
      {"spikes_delivered", "packets",
       "spikes that reach a core, once per destination core"},
  };
  static_assert(sizeof(table) / sizeof(table[0]) == counterCount,
                "one line for each counter");
  return table[static_cast<std::size_t>(counter)];
}

} // namespace synfire
