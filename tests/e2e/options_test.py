"""Options that change a mapping or add outputs to a simulation: each must do what it says."""
import json
import pathlib
import re
import shutil
import tempfile
import unittest

from command_line_test import MODEL, synfire


class CompileOptionsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def compile(self, *arguments, name="out.sfp"):
        return synfire("compile", MODEL, "-o", self.folder / name, "--context", 32, "--calibration-tokens", 256, *arguments)

    def mapped(self, *arguments, **names):
        result = self.compile(*arguments, "--json", **names)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def expect_refusal(self, result, *words):
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def simulated(self, name, prompt="One", tokens=1):
        result = synfire("simulate", self.folder / name, "--prompt", prompt, "--tokens", tokens, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_objectives(self):
        made = {objective: self.mapped("--hw", "loihi1-sanafe", "--objective", objective, name=objective)
                for objective in ("time", "energy", "cores")}
        self.assertLess(made["cores"]["cores"], made["time"]["cores"])
        self.assertLessEqual(made["cores"]["cores"], made["energy"]["cores"])
        predicted = {objective: made[objective]["predicted"] for objective in made}
        self.assertLess(predicted["time"]["token_cycles"], predicted["energy"]["token_cycles"])
        self.assertLess(predicted["energy"]["hops"], predicted["time"]["hops"])
        runs = {objective: self.simulated(objective) for objective in made}
        for objective, run in runs.items():
            self.assertEqual(run["cores"], made[objective]["cores"])
            self.assertEqual(run["digest"], runs["time"]["digest"])
        self.assertLess(runs["time"]["cycles"], runs["energy"]["cycles"])
        self.assertLess(runs["energy"]["energy_joules"]["chip"], runs["time"]["energy_joules"]["chip"])

    def test_an_objective_that_the_chip_has_no_prices_for(self):
        self.expect_refusal(self.compile("--hw", "loihi2", "--objective", "energy"), "objective energy", "loihi2")
        self.expect_refusal(self.compile("--objective", "beauty"), "--objective")

    def test_placements(self):
        hops = {}
        for placement in ("optimised", "row-major", "hilbert", "random:1", "random:2"):
            made = self.mapped("--placement", placement, "--map-effort", 0, name="placed")
            hops[placement] = made["predicted"]["hops"]
            run = self.simulated("placed")
            self.assertEqual(run["cores"], made["cores"])
        self.assertEqual(len(set(hops.values())), len(hops), hops)
        self.assertEqual(min(hops, key=hops.get), "optimised")
        self.assertLess(hops["row-major"], hops["random:1"])
        self.expect_refusal(self.compile("--placement", "random"), "random")
        self.expect_refusal(self.compile("--placement", "column"), "column")

    def test_at_most_so_many_cores(self):
        free = self.mapped()
        few = self.mapped("--cores", 40)
        self.assertGreater(free["cores"], 40)
        self.assertLessEqual(few["cores"], 40)
        self.assertLess(free["predicted"]["token_cycles"], few["predicted"]["token_cycles"])
        self.expect_refusal(self.compile("--cores", 2), "are allowed", "2")
        self.expect_refusal(self.compile("--cores", -1), "--cores")

    def test_activity_of_a_recorded_run(self):
        # A code whose trains nothing is assumed of: ST-BIF neurons fall silent before their train is over.
        method = ("--method", "spikezip")
        self.mapped(*method, name="guessed")
        record = self.folder / "run.binpb"
        ran = synfire("run", self.folder / "guessed", "--prompt", "One day", "--tokens", 4, "--run", record)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.mapped(*method, "--activity", record, name="told")
        errors = {}
        for name in ("guessed", "told"):
            packets = self.simulated(name, "One day", 4)["predicted"]["spikes_sent"]
            errors[name] = abs(packets["predicted"] / packets["simulated"] - 1)
        self.assertGreater(errors["guessed"], 0.2)
        self.assertLess(errors["told"], 0.05)

    def test_activity_of_something_else(self):
        self.expect_refusal(self.compile("--activity", self.folder / "nothing"), "nothing")
        network, record = self.folder / "plain.textproto", self.folder / "plain.binpb"
        network.write_text('name: "plain" population { name: "in" neurons: 2 forced {} }')
        ran = synfire("spiking", network, "--run", record)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.expect_refusal(self.compile("--activity", record), "activity", "embed")


class SimulateOptionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = cls.folder / "out.sfp"
        made = synfire("compile", MODEL, "-o", cls.program, "--context", 32, "--calibration-tokens", 256)
        assert made.returncode == 0, made.stderr

    def simulate(self, *arguments):
        return synfire("simulate", self.program, "--prompt", "One", "--tokens", 1, *arguments)

    def events(self, path, kind="X"):
        return [event for event in json.loads(path.read_text())["traceEvents"] if event["ph"] == kind]

    def windows(self, path):
        return [int(event["name"].split()[1].rstrip(":")) for event in self.events(path) if event["name"].startswith("window ")]

    def test_a_timeline_shows_the_cores_at_work(self):
        trace = self.folder / "run.json"
        result = self.simulate("--trace", trace, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        run = json.loads(result.stdout)
        processes = {event["pid"]: event["args"]["name"] for event in self.events(trace, "M") if event["name"] == "process_name"}
        cores = {pid for pid, name in processes.items() if re.match(r"core \d+ at router \(\d+, \d+\): \w", name)}
        self.assertEqual(len(cores), run["cores"])
        self.assertEqual({event["pid"] for event in self.events(trace) if event["pid"] in cores}, cores)
        steps = [event for event in self.events(trace) if event["name"].startswith("step ")]
        self.assertEqual(len(steps), run["machine_steps"])
        self.assertEqual(sum(event["args"]["cycles"] for event in steps), run["cycles"])
        windows = self.windows(trace)
        self.assertGreater(len(windows), 5)
        self.assertEqual(windows, list(range(len(windows))))

    def test_a_timeline_of_some_windows(self):
        trace, dump = self.folder / "some.json", self.folder / "some.vcd"
        result = self.simulate("--trace", trace, "--vcd", dump, "--trace-windows", "3:5")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.windows(trace), [3, 4])
        numbers, = re.findall(r"^\$var integer 64 (\S+) window \$end$", dump.read_text(), re.M)
        changes = dump.read_text().partition("$dumpvars")[2].partition("$end")[2]  # behind the initial zeros
        values = re.findall(rf"^b([01]+) {re.escape(numbers)}$", changes, re.M)
        self.assertEqual({int(value, 2) for value in values}, {3, 4})

    def test_a_value_change_dump_has_a_signal_for_every_core(self):
        dump = self.folder / "run.vcd"
        result = self.simulate("--vcd", dump, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        text = dump.read_text()
        signals = re.findall(r"^\$var wire 1 (\S+) core_\d+ \$end$", text, re.M)
        self.assertEqual(len(signals), json.loads(result.stdout)["cores"])
        self.assertTrue(re.search(r"^\$var wire 1 \S+ router_\d+_to_\d+ \$end$", text, re.M))
        lines = set(text.splitlines())
        for signal in signals:
            self.assertIn("1" + signal, lines)
        self.assertGreater(len(re.findall(r"^#\d+$", text, re.M)), 1000)

    def test_threads_and_traces_change_no_run(self):
        plain, traced = self.folder / "one", self.folder / "two"
        outputs = [self.simulate("--json", "--run", plain).stdout,
                   self.simulate("--json", "--run", traced, "--threads", 2, "--trace", self.folder / "threads.json").stdout]
        self.assertEqual(*outputs)
        self.assertEqual(plain.read_bytes(), traced.read_bytes())
        self.assertIn(b"burst", plain.read_bytes())

    def test_bad_traces(self):
        trace = self.folder / "bad.json"
        for arguments, words in ((("--trace-windows", "1:2"), "without a trace"),
                                 (("--trace", trace, "--trace-windows", "2:1"), "2:1"),
                                 (("--trace", trace, "--trace-windows", "all"), "all"),
                                 (("--trace", trace, "--vcd", trace), "one file"),
                                 (("--trace", self.folder), "regular file"),
                                 (("--threads", 0), "--threads")):
            result = self.simulate(*arguments)
            self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
            self.assertIn(words, result.stderr)
            self.assertFalse(trace.exists(), arguments)
        result = self.simulate("--trace", trace, "--trace-windows", "100000:")
        self.assertEqual(result.returncode, 1)
        self.assertIn("100000", result.stderr)
        self.assertFalse(trace.exists())


if __name__ == "__main__":
    unittest.main()
