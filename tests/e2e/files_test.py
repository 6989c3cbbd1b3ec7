"""Files and streams of a command: no output may be an input or another output, and none may be lost silently."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from command_line_test import MODEL, ROOT, SYNFIRE, synfire

NETWORK = ROOT / "networks" / "dense5_k8.textproto"


class FilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.made)
        result = synfire("compile", MODEL, "-o", cls.made / "p.sfp", "--context", 32, "--calibration-tokens", 256)
        assert result.returncode == 0, result.stderr

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.program = self.folder / "p.sfp"
        for name in ("p.sfp", "p.sfp.weights"):
            shutil.copy(self.made / name, self.folder)

    def contents(self):
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def expect_untouched(self, *arguments, word="name one file"):
        before = self.contents()
        result = synfire(*arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
        self.assertIn(word, result.stderr)
        self.assertEqual(self.contents(), before, arguments)

    def test_no_run_or_trace_replaces_the_program(self):
        (self.folder / "link").symlink_to(self.program)
        (self.folder / "d").mkdir()
        for target in (self.program, f"{self.program}.weights", self.folder / "link",
                       f"{self.folder}/d/../p.sfp", f"{self.folder}/./p.sfp"):
            self.expect_untouched("run", self.program, "--prompt", "One", "--tokens", 1, "--run", target)
            for option in ("--run", "--trace", "--vcd"):
                self.expect_untouched("simulate", self.program, "--prompt", "One", "--tokens", 1, option, target)

    def test_outputs_are_files_of_their_own(self):
        (self.folder / "d").mkdir()
        new = self.folder / "new"
        for pair in (("--run", new, "--trace", new), ("--run", new, "--vcd", f"{self.folder}/d/../new"),
                     ("--trace", new, "--vcd", f"{self.folder}/d/../new")):
            self.expect_untouched("simulate", self.program, "--prompt", "One", "--tokens", 1, *pair)
        self.assertFalse(new.exists())

    def test_compile_replaces_nothing_that_it_reads(self):
        model = self.folder / "model"
        shutil.copytree(MODEL, model)
        chip = self.folder / "chip.textproto"
        shutil.copy(ROOT / "hw-models" / "loihi2.textproto", chip)
        text = self.folder / "text.weights"
        shutil.copy(MODEL / "calibration.txt", text)
        for name in ("model.safetensors", "config.json", "tokenizer.json", "calibration.txt"):
            self.expect_untouched("compile", model, "-o", model / name)
        self.expect_untouched("compile", model, "-o", chip, "--hw", chip)
        self.expect_untouched("compile", model, "-o", self.folder / "text", "--calibrate", text)
        for option in ("--plan", "--activity"):
            self.expect_untouched("compile", model, "-o", self.program, option, self.program)
        self.expect_untouched("compile", model, "--emit", "plan", "-o", text, "--calibrate", text)
        self.expect_untouched("sweep", model, "--methods", "las", "--text", text, "--csv", text)

    def test_no_run_replaces_a_spiking_network(self):
        shutil.copy(NETWORK, self.folder / "net.textproto")
        network = self.folder / "net.textproto"
        self.expect_untouched("spiking", network, "--run", network)
        (self.folder / "m.bin").write_bytes(bytes(4))
        network.write_text('name: "m" population { name: "a" neurons: 2 forced {} }\n'
                           'population { name: "b" neurons: 2 leaky_integrate_and_fire { threshold: 4 } }\n'
                           'connection { from: "a" to: "b" dense { matrix_file: "m.bin" } }\n')
        result = synfire("spiking", network, "--steps", 1, "--run", self.folder / "run")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.expect_untouched("spiking", network, "--steps", 1, "--run", self.folder / "m.bin")

    def test_an_empty_name_is_refused(self):
        for option in ("--run", "--trace", "--vcd"):
            self.expect_untouched("simulate", self.program, "--prompt", "One", option, "", word="empty name")
        self.expect_untouched("run", self.program, "--prompt", "One", "--run", "", word="empty name")

    def test_output_that_goes_nowhere_is_an_error(self):
        for arguments in (["noc", "--mesh", "2x2"], ["noc", "--mesh", "2x2", "--json"], ["--help"], ["--version"],
                          ["compile", "--help"], ["run", self.program, "--prompt", "One", "--tokens", "1"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                result = subprocess.run([SYNFIRE, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(result.returncode, 1, arguments)
            self.assertIn("cannot write", result.stderr)


class NumbersTest(unittest.TestCase):
    def expect_refusal(self, *arguments, words=()):
        result = synfire(*arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertLess(len(result.stderr), 300)

    def test_seeds_of_64_bits(self):
        for seed in ("18446744073709551616", "-1", "1.5", "x", ""):
            for command in (("noc", "--mesh", "2x2"), ("run", "p.sfp"), ("rotate", MODEL, "-o", "x")):
                self.expect_refusal(*command, "--seed", seed, words=("--seed", "whole number"))
        self.assertEqual(synfire("noc", "--mesh", "2x2", "--seed", "18446744073709551615").returncode, 0)

    def test_messages_about_ranges_are_short(self):
        self.expect_refusal("compile", MODEL, "--cores", -1, words=("--cores",))
        self.expect_refusal("compile", MODEL, "--goal-perplexity", -1, words=("--goal-perplexity",))
        for limit in ("0", "-1", "nan", "inf"):
            self.expect_refusal("noc", "--latency-limit", limit, words=("--latency-limit",))
        self.assertIn("load 1e-09: no packet", synfire("noc", "--mesh", "2x2", "--load", "1e-9").stderr)
        for share in ("0", "1.5", "nan"):
            self.expect_refusal("noc", "--hotspot", "0,0", "--hotspot-share", share, words=("--hotspot-share", "above 0"))
        table = synfire("noc", "--mesh", "2x2", "--latency-limit", "1e300")
        self.assertEqual(table.returncode, 0)
        self.assertIn("1e+300", table.stdout)
        self.assertLess(max(map(len, table.stdout.splitlines())), 200)


class ShapesTest(unittest.TestCase):
    def refuse(self, *arguments, words=("not supported",)):
        result = synfire("compile", "gpt2", "--shapes-only", "--map-effort", 0, *arguments)
        self.assertEqual((result.returncode, result.stdout), (1, ""), arguments)
        for word in words:
            self.assertIn(word, result.stderr)

    def mapped(self, *arguments):
        result = synfire("compile", MODEL, "--shapes-only", "--map-effort", 0, "--context", 64, "--json", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_what_shapes_do_not_tell_is_refused(self):
        for setting in (("--hg", "fs"), ("--saa", "concurrent"), ("--nonlinear", "digital"), ("--levels", 4),
                        ("--prefix-tokens", 2), ("--online-hadamard", "on"), ("--margin", 2)):
            self.refuse(*setting, words=("not supported", setting[0]))
        for method in ("rounding", "two-spike", "spiked-attention", "mgpc", "dual-is", "auto"):
            self.refuse("--method", method)
        for option in (("--pool", "x"), ("--prices", "foo"), ("--calibrate", "/nonexist"), ("--goal-perplexity", 1),
                       ("--calibration-tokens", 256), ("--emit", "plan"), ("--plan", "x"), ("--activity", "x")):
            self.refuse(*option, words=("not supported", option[0]))

    def test_the_same_ranges_as_a_compilation(self):
        for option, value in (("--steps", 0), ("--steps", -1), ("--steps", 40), ("--context", -5), ("--weight-bits", 5),
                              ("--lookup-entries", 1), ("--wide-steps", 99)):
            self.refuse(option, value, words=(option[2:],))
            result = synfire("compile", MODEL, "-o", os.devnull + "/x", option, value)
            self.assertEqual(result.returncode, 1)
        self.refuse("--method", "nothing", words=("nothing", "one of"))

    def test_what_shapes_tell_counts(self):
        plain = self.mapped()
        self.assertEqual(plain.split('"seconds"')[0], self.mapped("--hg", "lut").split('"seconds"')[0])
        for option in (("--steps", 8), ("--weight-bits", 4), ("--lookup-entries", 64)):
            self.assertNotEqual(plain.split('"seconds"')[0], self.mapped(*option).split('"seconds"')[0], option)


if __name__ == "__main__":
    unittest.main()
