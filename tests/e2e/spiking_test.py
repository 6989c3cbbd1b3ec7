"""synfire spiking as a user meets it: networks whose figures follow from the specification by hand, and bad input."""
import json
import pathlib
import shutil
import tempfile
import unittest

from command_line_test import synfire

# On `tiny`, one core a router, cores in rows of routers: the two neurons on core 0 fire in every step, the three
# on core 2 get 2 in each and fire when they have 4, so in step 2.
TWO_CORES = """
name: "two_cores"
population { name: "in" neurons: 2 forced {} }
population { name: "out" neurons: 3 leaky_integrate_and_fire { threshold: 4 } }
connection { from: "in" to: "out" dense { weight: "1" } }
placement { population: "out" core: 2 }
placement { population: "in" core: 0 }
"""
# Core 16 is the first of the second chip, at router (0, 4); the way from (3, 0) crosses the border from router 12.
TWO_CHIPS = """
name: "two_chips"
population { name: "in" neurons: 40 forced {} }
population { name: "out" neurons: 1 leaky_integrate_and_fire { threshold: 1000 } }
connection { from: "in" to: "out" dense { weight: "1" } }
placement { population: "in" core: 3 }
placement { population: "out" core: 16 }
"""
# Sixteen cores of which each sends 20 packets to each at once.
EVERYONE = """
name: "everyone"
population { name: "all" neurons: 320 forced {} }
connection { from: "all" to: "all" dense { weight: "1" } }
placement { population: "all" neurons_per_core: 20 }
"""


class SpikingTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def spiking(self, network, *arguments):
        path = self.folder / "network.textproto"
        path.write_text(network)
        return synfire("spiking", path, "--hw", "tiny", *arguments)

    def report(self, network, *arguments):
        result = self.spiking(network, *arguments, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def expect_refusal(self, result, *words):
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        self.assertTrue(result.stderr.startswith("synfire: error: "), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_counts_of_every_step(self):
        report = self.report(TWO_CORES, "--steps", 4)
        self.assertEqual((report["network"], report["chip"], report["cores"], report["chips"]), ("two_cores", "tiny", 2, 1))
        self.assertEqual(report["synapses"], {"dense": 6, "sparse": 0})
        self.assertEqual([step["counters"]["spikes"] for step in report["steps"]], [2, 2, 5, 2])
        for step in report["steps"]:
            self.assertEqual([step[key] for key in ("sop", "messages", "hops", "mean_hops", "most_hops")], [6, 2, 4, 2.0, 2])
            self.assertEqual(step["counters"]["hops_east_west"], 4)
            self.assertEqual(step["counters"]["spikes_delivered"], 2)
            self.assertNotIn("hops_north_south", step["counters"])
        total = report["total"]
        self.assertEqual((total["sop"], total["messages"], total["hops"]), (24, 8, 16))
        self.assertEqual(total["counters"]["neuron_updates"], 4 * 5)
        self.assertAlmostEqual(total["energy_joules"]["P1"], 24 * 0.9e-12, delta=1e-20)  # 0.9 pJ an addition
        populations = report["populations"]
        self.assertEqual((populations["in"]["messages"], populations["in"]["sop"]), (8, 0))
        self.assertEqual((populations["out"]["messages"], populations["out"]["sop"]), (0, 24))
        self.assertEqual(populations["out"]["counters"]["spikes"], 3)

    def test_cycles_of_a_step(self):
        # Packets leave in cycles 2 and 3; 2 hops take 5 + 3·2 (noc.md); look-up, memory (row and word) and
        # accumulation of both end 5 cycles after the second: 3 + 11 + 5 with a barrier of 10 + 2·(3 + 1).
        for noc in ("ideal", "burst", "packet"):
            report = self.report(TWO_CORES, "--steps", 3, "--noc", noc)
            self.assertEqual(report["noc"], noc)
            self.assertEqual(report["clock_hz"], 1e8)
            self.assertEqual((report["total"]["cycles"], report["total"]["seconds"]), (3 * 37, 3 * 37 / 1e8))
            for step in report["steps"]:
                self.assertEqual((step["cycles"], step["barrier_cycles"]), (37, 18))
                # The first packet is under way for longer than it took to leave.
                self.assertEqual((step["cause"], step["cause_core"]), ("link", -1))
                self.assertEqual(step["cause_link"], {"from_router": 0, "to_router": 1})

    def test_a_link_between_chips_holds_a_step_up(self):
        # The last of 40 packets leaves in cycle 41 and the first takes 5 + 3·7 + 10 cycles. Without contention the
        # memory of core 16 is done 80 cycles after the first row came to it in cycle 39, the lanes one later.
        ideal, = self.report(TWO_CHIPS, "--steps", 1, "--noc", "ideal")["steps"]
        self.assertEqual((ideal["cycles"], ideal["barrier_cycles"]), (39 + 80 + 1 + 28, 10 + 2 * (4 + 5)))
        self.assertEqual((ideal["cause"], ideal["cause_core"]), ("synapse_memory", 16))
        self.assertNotIn("cause_link", ideal)
        # The border link takes a packet every 4 cycles, so the last is there 39·4 after the first and is worked
        # on for 4 more, which the link's bound leaves out.
        for noc in ("burst", "packet"):
            step, = self.report(TWO_CHIPS, "--steps", 1, "--noc", noc)["steps"]
            self.assertEqual((step["cycles"], step["bound_cycles"]), (2 + 36 + 39 * 4 + 4 + 28, 2 + 36 + 39 * 4 + 28))
            self.assertEqual((step["cause"], step["cause_core"]), ("link", -1))
            self.assertEqual(step["cause_link"], {"from_router": 12, "to_router": 16})
        text = self.spiking(TWO_CHIPS, "--steps", 1)
        self.assertIn("link of router 12 to 16", text.stdout)

    def test_every_network_model_is_another(self):
        cycles = {noc: self.report(EVERYONE, "--steps", 1, "--noc", noc)["total"]["cycles"]
                  for noc in ("ideal", "burst", "packet")}
        self.assertLess(cycles["ideal"], cycles["burst"])
        self.assertNotEqual(cycles["burst"], cycles["packet"])
        self.assertAlmostEqual(cycles["burst"] / cycles["packet"], 1, delta=0.15)

    def test_without_a_network_model_nothing_is_timed(self):
        timed, plain = (self.report(TWO_CORES, "--steps", 2, "--noc", noc) for noc in ("burst", "none"))
        for key in ("digest", "accumulator_digest", "synapses", "populations"):
            self.assertEqual(timed[key], plain[key], key)
        self.assertEqual(plain["noc"], "none")
        self.assertEqual(plain["total"]["counters"], timed["total"]["counters"])
        for key in ("clock_hz", "busiest_core"):
            self.assertIn(key, timed)
            self.assertNotIn(key, plain)
        for step in plain["steps"]:
            self.assertFalse({"cycles", "cause", "bound_cycles", "cause_link"} & set(step))
        text = self.spiking(TWO_CORES, "--steps", 2, "--noc", "none").stdout
        self.assertNotIn("bound by", text)

    def test_text(self):
        result = self.spiking(TWO_CORES, "--steps", 3)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("two_cores on tiny: 6 synapses, 2 cores, 1 chip, noc burst", result.stdout)
        rows = [line.split() for line in result.stdout.splitlines() if line[:1] in ("0", "1", "2") and "link" in line]
        self.assertEqual([row[:6] for row in rows], [[str(step), spikes, "6", "2", "2.000", "2"]
                                                     for step, spikes in enumerate(("2", "2", "5"))])
        self.assertIn("370 ns", result.stdout)
        self.assertIn("3 steps: 9 spikes, 18 SOP, 6 messages, 12 hops", result.stdout)

    def test_threads_change_nothing(self):
        records = [self.folder / "one", self.folder / "two"]
        outputs = [self.spiking(EVERYONE, "--steps", 2, "--noc", "packet", "--json", "--threads", 1 + i, "--run", record).stdout
                   for i, record in enumerate(records)]
        self.assertEqual(*outputs)
        self.assertEqual(*(record.read_bytes() for record in records))

    def test_a_recorded_run_can_be_reported_later(self):
        record = self.folder / "run.binpb"
        made = self.report(TWO_CORES, "--steps", 3, "--run", record)
        again = synfire("report", record, "--json")
        self.assertEqual(again.returncode, 0, again.stderr)
        report = json.loads(again.stdout)
        for key in ("network", "chip", "cores", "chips", "digest", "accumulator_digest"):
            self.assertEqual(report[key], made[key], key)
        self.assertEqual(report["machine_steps"], 3)
        self.assertEqual(report["cycles"], made["total"]["cycles"])
        self.assertEqual(report["energy_joules"], made["total"]["energy_joules"])
        counted = {name: value for name, value in report["counters"].items() if value and name in made["total"]["counters"]}
        self.assertEqual(counted, made["total"]["counters"])
        text = synfire("report", record)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("two_cores (plain spiking network, 2 populations, 5 neurons)", text.stdout)

    def test_bad_networks(self):
        for old, new, words in (
                ("threshold: 4", "threshold: 4 frobnicate: 1", ("network.textproto", "line 4", "frobnicate")),
                ('to: "out"', 'to: "nobody"', ("connection[0]", "nobody")),
                ('weight: "1"', 'weight: "127 + i"', ("connection[0]", "128", "i = 1")),
                ('weight: "1"', 'weight: "1 +"', ("connection[0]", "weight")),
                ("core: 2", "core: 2000", ("tiny", "cores"))):
            self.assertIn(old, TWO_CORES)
            self.expect_refusal(self.spiking(TWO_CORES.replace(old, new)), *words)
        self.expect_refusal(self.spiking(TWO_CHIPS.replace("core: 16", "core: 3")), "core 3", "41 neurons", "holds 40")
        self.expect_refusal(synfire("spiking", self.folder / "nothing.textproto"), "nothing.textproto")

    def test_bad_options(self):
        for arguments, words in ((("--noc", "circuit"), "--noc"), (("--steps", 0), "--steps"), (("--threads", 0), "--threads"),
                                 (("--hw", "loihi9"), "loihi9"), (("--run", self.folder), "regular file"),
                                 (("--run", self.folder / "no" / "run"), "no/run")):
            network = self.folder / "network.textproto"
            network.write_text(TWO_CORES)
            self.expect_refusal(synfire("spiking", network, *arguments), words)


if __name__ == "__main__":
    unittest.main()
