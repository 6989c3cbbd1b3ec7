"""The command as a user meets it: the main job, and every kind of bad input.

A bad input must end with exit code 1, a message that names the file and the place,
and nothing half-written.
"""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

SYNFIRE = os.environ["SYNFIRE"]
ROOT = pathlib.Path(os.environ["SYNFIRE_SOURCE_DIR"])
MODEL = ROOT / "models" / "fable-0.9M"


def synfire(*arguments):
    plain = [argument if isinstance(argument, bytes) else str(argument) for argument in arguments]
    return subprocess.run([SYNFIRE, *plain], capture_output=True, text=True)


def read_safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + length]), data[8 + length:]


def write_safetensors(path, header, payload):
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + payload)


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.model = self.folder / "model"
        shutil.copytree(MODEL, self.model)
        self.weights = self.model / "model.safetensors"
        self.program = self.folder / "out.sfp"

    def compile(self, *arguments):
        return synfire("compile", self.model, "-o", self.program, "--context", 32,
                       "--calibration-tokens", 256, *arguments)

    def expect_refusal(self, result, *words):
        self.assertEqual(result.returncode, 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertTrue(result.stderr.startswith("synfire: error: "), result.stderr)
        left = sorted(path.name for path in self.folder.iterdir() if path.name != "model")
        self.assertFalse([name for name in left if name.startswith("out.sfp")], left)

    def change_config(self, **values):
        path = self.model / "config.json"
        config = json.loads(path.read_text())
        config.update(values)
        path.write_text(json.dumps(config))

    # The main job.

    def test_compile_run_and_simulate_agree(self):
        self.assertEqual(self.compile().returncode, 0)
        runs = [synfire(*command, self.program, "--prompt", "One day", "--tokens", 4, "--json")
                for command in (["run"], ["simulate", "--noc", "burst"], ["simulate", "--noc", "ideal"])]
        reports = []
        for run in runs:
            self.assertEqual(run.returncode, 0, run.stderr)
            reports.append(json.loads(run.stdout))
        for report in reports[1:]:
            for key in ("digest", "text", "tokens"):
                self.assertEqual(report[key], reports[0][key], key)
            self.assertEqual(report["counters"]["sop"], reports[0]["counters"]["sop"])
            self.assertGreater(report["cycles"], 0)
            self.assertIn(report["bound_by"], ("compute", "link", "barrier"))
        self.assertGreater(reports[0]["counters"]["sop"], 0)
        self.assertIn("P1", reports[0]["energy_joules"])

    def test_evaluation_stands_beside_the_reference(self):
        self.assertEqual(self.compile().returncode, 0)
        result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt",
                         "--predictions", 512, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        values = json.loads(result.stdout)["perplexity"]
        self.assertLess(abs(values["spiking"] / values["reference"] - 1), 0.01)

    def test_a_prefix_takes_positions_and_is_said(self):
        made = self.compile("--prefix-tokens", 2)
        self.assertEqual(made.returncode, 0, made.stderr)
        runs = [synfire(command, self.program, "--prompt", "One day", "--tokens", 4, "--json")
                for command in ("run", "simulate")]
        reports = [json.loads(run.stdout) for run in runs]
        self.assertEqual(reports[0]["digest"], reports[1]["digest"])
        self.assertTrue(any(note.startswith("prefix of 2 tokens") for note in reports[0]["notes"]))
        for command in ("run", "simulate"):
            result = synfire(command, self.program, "--prompt", "One day", "--tokens", 31)
            self.assertEqual(result.returncode, 1)
            self.assertIn("prefix", result.stderr)
        result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt",
                         "--predictions", 240, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        values = json.loads(result.stdout)["perplexity"]
        self.assertNotEqual(values["reference"], values["reference_behind_prefix"])
        self.assertLess(abs(values["spiking"] / values["reference_behind_prefix"] - 1), 0.01)

    def test_prefix_tokens_are_a_number_or_auto(self):
        for value, words in (("-2", "number of tokens"), ("some", "whole number")):
            result = self.compile("--prefix-tokens", value)
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(words, result.stderr)
        self.expect_refusal(self.compile("--prefix-tokens", 65), "prefix-tokens is 65")
        self.expect_refusal(self.compile("--prefix-tokens", 40), "prefix of 40 tokens")

    def test_weights_that_changed_are_no_reference(self):
        self.assertEqual(self.compile().returncode, 0)
        data = bytearray(self.weights.read_bytes())
        data[-100] ^= 1
        self.weights.write_bytes(data)
        command = ["eval", self.program, "--perplexity", MODEL / "evaluation.txt", "--predictions", 64]
        changed = synfire(*command)
        self.assertEqual(changed.returncode, 1)
        self.assertIn("not the ones", changed.stderr)
        self.assertEqual(synfire(*command, "--reference", self.model).returncode, 0)

    def test_a_recorded_run_can_be_reported_later(self):
        self.assertEqual(self.compile().returncode, 0)
        record = self.folder / "run.binpb"
        made = synfire("simulate", self.program, "--prompt", "One day", "--tokens", 2, "--json", "--run", record)
        self.assertEqual(made.returncode, 0, made.stderr)
        again = synfire("report", record, "--json")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(json.loads(made.stdout), json.loads(again.stdout))

    def test_every_phase_can_be_written_as_text(self):
        for phase, op in (("ann", "ann.model"), ("snn", "snn.network"), ("chip", "chip.system")):
            result = synfire("compile", self.model, "--emit", phase, "--context", 32,
                             "--calibration-tokens", 256)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(op, result.stdout)

    def test_estimate_reproduces_the_papers_arithmetic(self):
        result = synfire("estimate", "--model", "llama-3-8b", "--seq", 512, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        macs = json.loads(result.stdout)["ann_macs"]
        self.assertEqual(macs["linear"], 3573412790272)
        self.assertEqual(macs["lm_head"], 268972326912)

    def test_estimate_knows_every_spelling_of_its_models(self):
        for name in ("LLaMA-2-7B", "LLaMA-2-13B", "LLaMA-3-8B", "Qwen2-7B", "OPT-66B", "GPT-2", "BERT-base"):
            result = synfire("estimate", "--model", name, "--seq", 128, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertGreater(json.loads(result.stdout)["ann_macs"]["total"], 0)

    def test_shapes_alone_are_mapped(self):
        result = synfire("compile", "gpt2", "--shapes-only", "--hw", "loihi2", "--map-effort", 0, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        mapped = json.loads(result.stdout)
        self.assertEqual(mapped["layers"], {"mapped": 12, "of": 12})
        self.assertGreater(mapped["predicted"]["decode_tokens_per_second"], 0)
        # The shape of a directory's config.json; weights are not looked at.
        (self.folder / "bare").mkdir()
        shutil.copy(pathlib.Path(self.model) / "config.json", self.folder / "bare")
        result = synfire("compile", self.folder / "bare", "--shapes-only", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(json.loads(result.stdout)["layers"]["mapped"], 4)
        self.expect_refusal(synfire("compile", "gpt2", "--shapes-only", "-o", self.folder / "x.sfp"), "--shapes-only")
        self.expect_refusal(synfire("compile", "gpt2", "--shapes-only", "--method", "dual-is"), "not supported")
        self.expect_refusal(synfire("compile", "gpt3", "--shapes-only"), "gpt3")

    def test_four_bit_weights_compile_and_agree(self):
        self.assertEqual(self.compile("--weight-bits", 4).returncode, 0)
        digests = set()
        for command in ("run", "simulate"):
            made = synfire(command, self.program, "--prompt", "One day", "--tokens", 2, "--json")
            self.assertEqual(made.returncode, 0, made.stderr)
            digests.add(json.loads(made.stdout)["digest"])
        self.assertEqual(len(digests), 1)

    def test_a_prompt_that_ends_inside_a_character_reads_the_same_in_both(self):
        shared = ROOT.parent / "shared" / "models" / "stories260K"
        if not shared.exists():
            self.skipTest("the tokenizer with byte fallback is not there")
        made = synfire("compile", shared, "-o", self.program, "--context", 32, "--calibration-tokens", 128)
        self.assertEqual(made.returncode, 0, made.stderr)
        texts = [json.loads(synfire(command, self.program, "--prompt", b"\xe2\x82", "--tokens", 3, "--json").stdout)["text"]
                 for command in ("run", "simulate")]
        self.assertEqual(texts[0], texts[1])

    def test_the_last_token_needs_no_place_in_the_context(self):
        self.assertEqual(self.compile().returncode, 0)
        for command in ("run", "simulate"):
            full = synfire(command, self.program, "--tokens", 32, "--json")  # after the one token of an empty prompt
            self.assertEqual(full.returncode, 0, full.stderr)
            self.assertEqual(synfire(command, self.program, "--tokens", 33).returncode, 1)

    def test_a_layer_of_zeros_compiles(self):
        header, payload = read_safetensors(self.weights)
        name = "model.layers.1.mlp.gate_proj.weight"
        begin, end = header[name]["data_offsets"]
        write_safetensors(self.weights, header, payload[:begin] + bytes(end - begin) + payload[end:])
        result = self.compile()
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_long_context_model_compiles_in_little_memory(self):
        (self.model / "calibration.txt").unlink()
        self.change_config(max_position_embeddings=1 << 30)
        result = self.compile()
        self.assertEqual(result.returncode, 0, result.stderr)
        program = self.program.read_bytes()
        refused = self.compile("--context", 1 << 30)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertEqual(self.program.read_bytes(), program)
        result = synfire("eval", self.program, "--perplexity", MODEL / "evaluation.txt", "--predictions", 32)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_names_that_are_not_utf8_stay_out_of_the_json(self):
        odd = os.fsencode(self.folder) + b"/odd\xff"
        shutil.copytree(os.fsencode(MODEL), odd)
        result = synfire("compile", odd, "-o", self.program, "--context", 32, "--calibration-tokens", 128, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("odd", json.loads(result.stdout)["model"])

    # Bad checkpoints.

    def test_truncated_weights(self):
        self.weights.write_bytes(self.weights.read_bytes()[:-1000])
        self.expect_refusal(self.compile(), "model.safetensors")

    def test_header_longer_than_the_file(self):
        data = self.weights.read_bytes()
        self.weights.write_bytes(struct.pack("<Q", 1 << 40) + data[8:])
        self.expect_refusal(self.compile(), "model.safetensors", "header")

    def test_overlapping_tensors(self):
        header, payload = read_safetensors(self.weights)
        names = [name for name in header if name != "__metadata__"]
        by_offset = sorted(names, key=lambda name: header[name]["data_offsets"])
        first, second = by_offset[0], by_offset[1]
        size = header[second]["data_offsets"][1] - header[second]["data_offsets"][0]
        begin = header[first]["data_offsets"][0]
        header[second]["data_offsets"] = [begin, begin + size]
        write_safetensors(self.weights, header, payload)
        self.expect_refusal(self.compile(), "model.safetensors", "overlap")

    def test_missing_tensor(self):
        header, payload = read_safetensors(self.weights)
        name = "model.layers.0.self_attn.q_proj.weight"
        header["renamed"] = header.pop(name)
        write_safetensors(self.weights, header, payload)
        self.expect_refusal(self.compile(), name)

    def test_wrong_shape(self):
        self.change_config(intermediate_size=1)
        self.expect_refusal(self.compile(), "mlp", "weight")

    def test_weights_that_are_not_numbers(self):
        header, payload = read_safetensors(self.weights)
        name = "model.layers.1.mlp.up_proj.weight"
        begin, dtype = header[name]["data_offsets"][0], header[name]["dtype"]
        bad = {"F32": b"\x00\x00\xc0\x7f", "F16": b"\x00\x7e", "BF16": b"\xc0\x7f"}[dtype]
        payload = payload[:begin] + bad + payload[begin + len(bad):]
        write_safetensors(self.weights, header, payload)
        self.expect_refusal(self.compile(), name, "nan")

    def test_unknown_architecture(self):
        self.change_config(model_type="mamba", architectures=["MambaForCausalLM"])
        self.expect_refusal(self.compile(), "config.json", "amba")

    def test_unknown_rope_scaling(self):
        self.change_config(rope_scaling={"rope_type": "yarn", "factor": 4.0})
        self.expect_refusal(self.compile(), "yarn")

    def test_unknown_tokenizer(self):
        path = self.model / "tokenizer.json"
        tokenizer = json.loads(path.read_text())
        tokenizer["model"]["type"] = "Unigram"
        path.write_text(json.dumps(tokenizer))
        self.expect_refusal(self.compile(), "tokenizer.json", "Unigram")

    def test_missing_directory(self):
        result = synfire("compile", self.folder / "nothing", "-o", self.program)
        self.expect_refusal(result, "nothing")

    # Bad chips.

    def hardware(self, text):
        path = self.folder / "chip.textproto"
        path.write_text(text)
        return path

    def test_chip_without_cores(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_text()
        broken = text.replace("cores_per_router: 1", "cores_per_router: 0")
        self.assertNotEqual(text, broken)
        self.expect_refusal(self.compile("--hw", self.hardware(broken)), "chip.textproto", "cores_per_router")

    def test_chip_with_an_unknown_field(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_text() + "\nfrobnicate: 3\n"
        self.expect_refusal(self.compile("--hw", self.hardware(text)), "chip.textproto", "frobnicate")

    def test_chip_with_a_broken_fault(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_text()
        for fault, field in (("dead_core { router_x: 32 router_y: 0 slot: 0 }", "faults.dead_core.router_x"),
                             ("dead_link { router_x: 0 router_y: 0 }", "faults.dead_link.side"),
                             ("disabled_chip { chip_x: 0 chip_z: 0 }", "chip_z")):
            result = self.compile("--hw", self.hardware(f"{text}\nfaults {{ {fault} }}\n"))
            self.expect_refusal(result, "chip.textproto", field)

    def test_chip_with_narrower_synapses(self):
        self.expect_refusal(self.compile("--hw", "truenorth"), "not supported: 8-bit weights on truenorth")

    def test_network_that_does_not_fit(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_text()
        lines = [line.replace(line.split(":")[1].split("#")[0].strip(), "1")
                 if line.strip().startswith(("max_chips_x:", "max_chips_y:")) else line
                 for line in text.splitlines()]
        self.expect_refusal(self.compile("--hw", self.hardware("\n".join(lines))), "cores")

    def test_blocks_that_do_not_divide_a_population(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_text()
        for name, value in (("neurons", 12), ("synapse_bytes", 65536), ("max_chips_x", 40), ("max_chips_y", 40)):
            text = re.sub(rf"(\b{name}:\s*)\d+", rf"\g<1>{value}", text, count=1)
        result = self.compile("--hw", self.hardware(text))
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_statistics_feed_the_conversion_pass(self):
        result = synfire("compile", self.model, "--emit", "statistics", "--calibration-tokens", 256)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("layers.0.attn.scores", json.loads(result.stdout))

    def test_unknown_chip(self):
        self.expect_refusal(self.compile("--hw", "loihi9"), "loihi9", "loihi2")

    # Bad options, prompts and Programs.

    def test_unknown_method(self):
        self.expect_refusal(self.compile("--method", "wishful"), "wishful")

    def test_steps_out_of_range(self):
        self.expect_refusal(self.compile("--steps", 99), "steps", "99")

    def test_prompt_longer_than_the_context(self):
        self.assertEqual(self.compile().returncode, 0)
        for command in (["run"], ["simulate"]):
            result = synfire(*command, self.program, "--prompt", "word " * 200, "--tokens", 4)
            self.assertEqual(result.returncode, 1)
            self.assertIn("context", result.stderr)
            self.assertIn("32", result.stderr)

    def test_flipped_bytes_and_other_versions(self):
        self.assertEqual(self.compile().returncode, 0)
        weights = pathlib.Path(str(self.program) + ".weights")
        for path in (self.program, weights):
            good = path.read_bytes()
            for position in (0, 5, 9, len(good) // 2, len(good) - 1):
                bad = bytearray(good)
                bad[position] ^= 0x10
                path.write_bytes(bad)
                result = synfire("run", self.program, "--prompt", "One", "--tokens", 1)
                self.assertEqual(result.returncode, 1, f"{path.name} byte {position}")
                self.assertIn("out.sfp", result.stderr)
            path.write_bytes(good[:len(good) // 2])
            self.assertEqual(synfire("run", self.program, "--tokens", 1).returncode, 1)
            path.write_bytes(good)
        self.assertEqual(synfire("run", self.program, "--prompt", "One", "--tokens", 1).returncode, 0)

    def test_unknown_noc(self):
        self.assertEqual(self.compile().returncode, 0)
        result = synfire("simulate", self.program, "--prompt", "One", "--tokens", 1, "--noc", "circuit")
        self.assertEqual(result.returncode, 1)
        self.assertIn("--noc: circuit not in", result.stderr)

    def test_router_bench(self):
        short = ("noc", "--mesh", "4x2", "--sample-cycles", 200)
        result = synfire(*short, "--chips", "2x1", "--load", 0.1, 0.9, "--hotspot", "7,1", "--json",
                         "--latency-limit", 60, "--link-cycles-east-west", 2)
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual((report["mesh"]["width"], report["sending_cores"]), (8, 16))
        stable, unstable = report["curve"]
        self.assertTrue(stable["stable"])
        self.assertLess(stable["p50_latency_cycles"], stable["p99_latency_cycles"])
        self.assertRegex(stable["busiest_link"], r"\(\d,\d\)->\(\d,\d\)")
        self.assertGreater(stable["busiest_link_utilisation"], 0)
        self.assertGreater(unstable["mean_latency_with_ages_cycles"], report["latency_limit_cycles"])
        text = synfire(*short, "--load", 0.1, 0.9, "--latency-limit", 30)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("8 of 8 cores send", text.stdout)
        self.assertIn("was above the limit of 30", text.stdout)
        self.assertIn("\n  0.1000", text.stdout)

    def test_chip_whose_name_is_no_utf8(self):
        text = (ROOT / "hw-models" / "tiny.textproto").read_bytes()
        chip = self.folder / "chip.textproto"
        chip.write_bytes(text.replace(b'name: "tiny"', b'name: "t\xffx"'))
        for command in (("noc", "--sample-cycles", 200), ("compile", MODEL, "-o", self.folder / "out.sfp")):
            self.expect_refusal(synfire(*command, "--hw", chip), "chip.textproto", "name is not UTF-8")

    def test_router_bench_refuses(self):
        for arguments, words in (
                (("--seed", -1), "--seed"),
                (("--load", 0.1, 1.5), "load 1.5"),
                (("--hw", "tiny", "--chips", "9x1"), "8x8 chips at most"),
                (("--mesh", "256x256", "--chips", "2x1"), "512x256 routers"),
                (("--hotspot", "8,0"), "0,0 to 7,7"),
                (("--hotspot", "4294967296,0"), "0,0 to 7,7"),
                (("--hotspot", "0,0", "1,0", "0,0"), "hotspot at router 0 is given twice"),
                (("--mesh", "4294967304x8"), "WIDTHxHEIGHT"),
                (("--mesh", " 8x8"), "WIDTHxHEIGHT"),
                (("--chips", "1x4294967297"), "WIDTHxHEIGHT"),
                (("--hotspot-share", 0.5), "--hotspot"),
                (("--latency-limit", 0), "--latency-limit"),
                (("--link-cycles", 0, "--switch-traversal-cycles", 0, "--vc-allocation-cycles", 0,
                  "--switch-allocation-cycles", 0), "noc.router.switch_traversal_cycles")):
            result = synfire("noc", *arguments)
            self.assertEqual(result.returncode, 1, arguments)
            self.assertIn(words, result.stderr)

    def test_unwritable_output(self):
        result = synfire("compile", self.model, "-o", self.folder / "no" / "such" / "out.sfp")
        self.expect_refusal(result, "no/such")

    def test_output_that_is_no_file(self):
        taken = self.folder / "taken"
        taken.mkdir()
        pipe = self.folder / "pipe"  # renaming would replace it, or /dev/null
        os.mkfifo(pipe)
        for output in (taken, pipe):
            for emit in ("program", "ann"):
                result = synfire("compile", self.model, "-o", output, "--emit", emit)
                self.expect_refusal(result, str(output), "regular file")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["model", "pipe", "taken"])
        self.assertTrue(pipe.is_fifo())
        self.assertEqual(self.compile().returncode, 0)
        for command in ("run", "simulate"):
            result = synfire(command, self.program, "--tokens", 1, "--run", taken)
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn("taken", result.stderr)

    def test_name_longer_than_the_system_allows(self):
        self.expect_refusal(synfire("compile", "a" * 5000, "-o", self.program), "not a directory")

    def test_json_of_a_phase_without_a_program(self):
        result = synfire("compile", self.model, "--emit", "snn", "--json")
        self.expect_refusal(result, "--json", "--emit snn")
        self.assertEqual(result.stdout, "")

    def test_bad_command_lines(self):
        for arguments, words in (((), ["no command"]), (("frobnicate",), ["frobnicate"]), (("sweep",), ["models"]), (("run",), ["program"]),
                                 (("run", "x.sfp", "--frobnicate"), ["--frobnicate"]),
                                 (("eval", "x.sfp", "--perplexity", "x", "--predictions", -1), ["--predictions", "-1"]),
                                 (("estimate", "--model", "gpt2", "--spikes-per-value", "inf"), ["--spikes-per-value"])):
            self.expect_refusal(synfire(*arguments), *words)

    def test_a_refused_run_prints_nothing(self):
        self.assertEqual(self.compile().returncode, 0)
        for option in (("--tokens", -1), ("--tokens", 1000), ("--temperature", "nan"), ("--temperature", -1)):
            result = synfire("run", self.program, "--prompt", "One day", *option)
            self.assertEqual((result.returncode, result.stdout), (1, ""), option)
            self.assertTrue(result.stderr.startswith("synfire: error: "), result.stderr)

    def test_text_without_a_prediction(self):
        self.assertEqual(self.compile().returncode, 0)
        text = self.folder / "empty.txt"
        text.touch()
        result = synfire("eval", self.program, "--perplexity", text)
        self.assertEqual(result.returncode, 1)
        self.assertIn("empty.txt", result.stderr)

    def test_a_full_disk_under_standard_output(self):
        for arguments in (("estimate", "--model", "gpt2", "--json"), ("compile", self.model, "--emit", "ann")):
            with open("/dev/full", "w") as full:
                result = subprocess.run([SYNFIRE, *map(str, arguments)], stdout=full, stderr=subprocess.PIPE, text=True)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertTrue(result.stderr.startswith("synfire: error: "), result.stderr)


if __name__ == "__main__":
    unittest.main()
