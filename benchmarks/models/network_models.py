#!/usr/bin/env python3
"""Cycles of compiled models under the three network models, as a table.

usage: network_models.py SYNFIRE MODEL_DIR... [--hw CHIP...] [--placement PLACEMENT...]

Burst and ideal stand beside packet, which is the yardstick. Digests are compared as well.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile


def synfire(tool, *arguments):
    result = subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
    return result.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("synfire")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--hw", nargs="+", default=["loihi2", "loihi1", "mesh45", "tiny"])
    parser.add_argument("--placement", nargs="+", default=["optimised"])
    flags = parser.parse_args()
    print("| model, chip, placement | hops | packet cycles | burst / packet | ideal / packet | bound / packet |")
    print("|---|---|---|---|---|---|")
    worst = 1.0
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "model.sfp"
        for model in flags.models:
            for chip in flags.hw:
                for placement in flags.placement:
                    synfire(flags.synfire, "compile", model, "-o", program, "--hw", chip, "--context", 64,
                            "--calibration-tokens", 512, "--placement", placement)
                    run = {noc: json.loads(synfire(flags.synfire, "simulate", program, "--prompt", "One day",
                                                   "--tokens", 4, "--noc", noc, "--json"))
                           for noc in ("ideal", "burst", "packet")}
                    if len({made["digest"] for made in run.values()}) != 1:
                        sys.exit(f"{model} on {chip}: the digests differ")
                    cycles = run["packet"]["cycles"]
                    ratio = {noc: made["cycles"] / cycles for noc, made in run.items()}
                    worst = max(worst, ratio["burst"], 1 / ratio["burst"])
                    print(f"| {pathlib.Path(model).name}, {chip}, {placement} | {run['packet']['hops'] / 1e6:.2f} M "
                          f"| {cycles / 1e6:.2f} M | {ratio['burst']:.3f} | {ratio['ideal']:.3f} "
                          f"| {run['packet']['bound_cycles'] / cycles:.3f} |")
    print(f"\nburst is at most {100 * (worst - 1):.1f} % from packet")


main()
