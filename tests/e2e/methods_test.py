"""Conversion methods as a user meets them: sweep, rotate, auto, plans, and bad input."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest

from command_line_test import MODEL, synfire

SMALL = ("--calibration-tokens", 256)


class MethodsTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.program = self.folder / "out.sfp"

    def compile(self, *arguments, model=MODEL):
        return synfire("compile", model, "-o", self.program, "--context", 32, *SMALL, *arguments)

    def sweep(self, *arguments):
        return synfire("sweep", MODEL, "--text", MODEL / "evaluation.txt", "--calibrate", MODEL / "calibration.txt",
                       "--predictions", 128, "--window", 64, *SMALL, *arguments)

    def refuse(self, result, *words):
        self.assertEqual(result.returncode, 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertTrue(result.stderr.startswith("synfire: error: "), result.stderr)
        self.assertFalse(self.program.exists())

    def test_a_streamed_network_is_the_same_on_engine_and_machine(self):
        made = self.compile("--method", "dual-is:steps=2,calibrate-blocks=off")
        self.assertEqual(made.returncode, 0, made.stderr)
        reports = []
        for command in (["run"], ["simulate", "--noc", "burst"]):
            result = synfire(*command, self.program, "--prompt", "One day", "--tokens", 3, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            reports.append(json.loads(result.stdout))
        self.assertEqual(reports[0]["digest"], reports[1]["digest"])
        self.assertEqual(reports[0]["method"], "dual-is")
        self.assertTrue(reports[0]["notes"])
        self.assertGreater(reports[0]["counters"]["digital_macs"], 0)
        text = synfire("run", self.program, "--prompt", "One day", "--tokens", 1)
        self.assertIn(reports[0]["notes"][0], text.stdout + text.stderr)

    def test_a_sweep_is_a_table_an_object_and_a_file(self):
        table = self.sweep("--methods", "rounding", "las", "--steps", 6, 8)
        self.assertEqual(table.returncode, 0, table.stderr)
        self.assertEqual(table.stdout.count("rounding"), 2)
        self.assertIn("fable-0.9M", table.stdout)
        rows_file = self.folder / "rows.csv"
        result = self.sweep("--methods", "rounding", "las:levels=99", "--steps", 8, "--json", "--csv", rows_file)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = json.loads(result.stdout)["rows"]
        self.assertIn("levels", rows[1]["error"])
        row = rows[0]
        for key in ("divergence", "layer_error", "spikes_per_value", "spike_driven_share", "plan_seconds"):
            self.assertIn(key, row)
        self.assertGreater(row["energy_joules"]["P4"], 0)
        self.assertEqual(len(rows_file.read_text().splitlines()), 2)

    def test_blame_names_sites(self):
        result = self.sweep("--methods", "rounding:steps=4", "--blame", 3)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("site coded alone", result.stdout)
        self.assertIn("layers.", result.stdout)

    def test_a_rotated_model_computes_the_same(self):
        rotated = self.folder / "rotated"
        made = synfire("rotate", MODEL, "-o", rotated)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.compile("--weight-bits", 16, model=rotated).returncode, 0)
        result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt", "--predictions", 256,
                         "--reference", MODEL, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        values = json.loads(result.stdout)["perplexity"]
        self.assertLess(abs(values["spiking"] / values["reference"] - 1), 0.01)
        again = synfire("rotate", MODEL, "-o", rotated)
        self.assertEqual(again.returncode, 1)
        self.assertIn("not an empty directory", again.stderr)

    def test_a_plan_compiles_again(self):
        plan = self.folder / "plan.json"
        options = ("--method", "rounding", "--steps", 6)
        made = synfire("compile", MODEL, "--emit", "plan", "-o", plan, "--context", 32, *SMALL, *options)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(self.compile(*options).returncode, 0)
        first = self.program.with_suffix(".sfp.weights").read_bytes()
        self.assertEqual(self.compile(*options, "--plan", plan).returncode, 0)
        self.assertEqual(first, self.program.with_suffix(".sfp.weights").read_bytes())
        codings = json.loads(plan.read_text())
        self.program.unlink()
        site = next(iter(codings["codings"]))
        codings["codings"]["layers.99.attn.q"] = codings["codings"][site]
        plan.write_text(json.dumps(codings))
        self.refuse(self.compile(*options, "--plan", plan), "layers.99.attn.q")
        plan.write_text(json.dumps(codings)[:-40])
        self.refuse(self.compile(*options, "--plan", plan), "plan.json")

    def test_online_rotations_compute_the_same_function(self):
        values = []
        for rotated in ("off", "on"):
            made = self.compile("--weight-bits", 16, "--online-hadamard", rotated)
            self.assertEqual(made.returncode, 0, made.stderr)
            result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt", "--predictions", 256,
                             "--reference", MODEL, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            values.append(json.loads(result.stdout)["perplexity"])
        self.assertLess(abs(values[0]["spiking"] / values[1]["spiking"] - 1), 1e-4)
        self.assertLess(abs(values[1]["spiking"] / values[1]["reference"] - 1), 1e-3)
        plan = self.folder / "plan.json"
        options = ("--method", "rounding", "--steps", 6)
        made = synfire("compile", MODEL, "--emit", "plan", "-o", plan, "--context", 32, *SMALL, *options,
                       "--online-hadamard", "on")
        self.assertEqual(made.returncode, 0, made.stderr)
        codings = json.loads(plan.read_text())["codings"]
        for site in ("attn.q", "attn.k"):
            self.assertIn(f"layers.0.{site}_rotated", codings)
            self.assertNotIn(f"layers.0.{site}", codings)
        self.assertIn("layers.0.mlp.rotated", codings)
        self.assertNotIn("layers.0.mlp.product", codings)
        # The plan says that its network rotates.
        self.assertEqual(self.compile(*options, "--online-hadamard", "on").returncode, 0)
        first = self.program.with_suffix(".sfp.weights").read_bytes()
        self.assertEqual(self.compile(*options, "--plan", plan).returncode, 0)
        self.assertEqual(first, self.program.with_suffix(".sfp.weights").read_bytes())
        self.program.unlink()
        self.refuse(self.compile("--online-hadamard", "perhaps"), "--online-hadamard", "perhaps")

    def test_auto_meets_its_goal_or_says_how_near_it_came(self):
        pool = ("--method", "auto", "--pool", "rounding:steps=5", "rounding:steps=8")
        self.refuse(self.compile(*pool, "--goal-joules", 1e-15), "J a token", "nearest")
        made = self.compile(*pool, "--goal-perplexity", 20)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("the best that meets the goal", made.stderr)
        result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt", "--predictions", 512, "--json")
        values = json.loads(result.stdout)["perplexity"]
        self.assertLess(values["spiking"] / values["reference"], 1.3)

    def test_values_out_of_range_name_option_and_limit(self):
        for configuration, words in (
                ("las:steps=300", ("steps", "300")),
                ("las:levels=0", ("levels", "0")),
                ("mgpc:grains=9", ("grains",)),
                ("mgpc:steps=4,grains=4", ("grains",)),
                ("dual-is:activation-bits=99", ("activation-bits", "99")),
                ("dual-is:steps=3", ("steps",)),
                ("dual-is:steps=128,activation-bits=4", ("steps",)),
                ("spiked-attention:base=3", ("base", "3")),
                ("rounding:cap=-1", ("cap",)),
                ("las:weight-bits=5", ("weight-bits", "5")),
                ("spikellm:saliency=2", ("saliency",)),
                ("nonsense", ("nonsense", "las, phase"))):
            with self.subTest(configuration):
                self.refuse(self.compile("--method", configuration), *words)

    def test_calibration_text_that_is_too_short(self):
        text = self.folder / "short.txt"
        for content in ("", "One day"):
            text.write_text(content)
            self.refuse(self.compile("--calibrate", text), "short.txt", "one window takes 128")

    def test_a_one_sided_code_at_a_signed_site_is_refused_by_site(self):
        plan = self.folder / "plan.json"
        made = synfire("compile", MODEL, "--emit", "plan", "-o", plan, "--context", 32, *SMALL,
                       "--method", "rounding", "--steps", 6)
        self.assertEqual(made.returncode, 0, made.stderr)
        codings = json.loads(plan.read_text())["codings"]
        text = json.loads(plan.read_text())
        for key in ("layers.0.attn.norm",):
            unit = text["codings"][key]
            unit["config"]["sign"] = "none"
        plan.write_text(json.dumps(text))
        self.assertIn("layers.0.attn.norm", codings)
        self.refuse(self.compile("--method", "rounding", "--steps", 6, "--plan", plan),
                    "layers.0.attn.norm", "one-sided")


if __name__ == "__main__":
    unittest.main()
