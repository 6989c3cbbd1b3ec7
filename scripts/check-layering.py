#!/usr/bin/env python3
"""Holds the arrows of docs/spec/layering.md: which folder may include what."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# A folder may include headers of itself and of these folders (longest prefix wins).
ALLOWED = {
    "runtime/support": [],
    "runtime/neuron": ["runtime/support"],
    "hw-models": ["runtime/support"],
    "runtime/program": ["runtime/support", "runtime/neuron", "hw-models"],
    "runtime/engine": ["runtime/support", "runtime/neuron", "runtime/program"],
    "runtime/text": ["runtime/support"],
    "runtime/eval": ["runtime/support"],
    "runtime/report": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models"],
    "runtime/session": ["runtime/support", "runtime/neuron", "runtime/program", "runtime/engine", "runtime/text",
                        "runtime/eval", "hw-models"],
    "dialects": ["runtime/support", "runtime/neuron", "runtime/program/Widths.h"],
    "compiler/prepare": ["runtime/support", "compiler/import", "compiler/reference/Hadamard.h"],
    "compiler/reference": ["runtime/support", "compiler/import"],
    "compiler/convert": ["runtime/support", "runtime/neuron", "compiler/reference/Statistics.h",
                         "compiler/reference/Samples.h"],
    "compiler/mapping": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models"],
    "compiler/import": ["runtime/support", "dialects"],
    "compiler/passes": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models", "dialects",
                        "compiler/convert", "compiler/mapping", "compiler/emit", "compiler/reference/Statistics.h"],
    "compiler/emit": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models", "dialects",
                      "compiler/convert", "compiler/mapping", "compiler/import", "compiler/reference"],
    "compiler/calibration": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models", "compiler/import",
                             "compiler/reference", "compiler/convert", "compiler/emit"],
    "compiler/pipelines": ["runtime", "hw-models", "dialects", "compiler"],
    "simulator/machine": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models", "simulator/noc"],
    "simulator/noc": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models"],
    "simulator/spiking": ["runtime/support", "runtime/program", "hw-models", "simulator/machine", "simulator/noc"],
    "simulator/sysc": ["runtime/support", "runtime/neuron", "runtime/program", "hw-models",
                       "simulator/machine", "simulator/noc"],
    "simulator/trace": ["runtime/support", "runtime/program", "simulator/machine"],
    "exploration": ["runtime", "hw-models", "compiler"],
    "tools": ["runtime", "hw-models", "dialects", "compiler", "simulator", "exploration"],
}

# Third-party headers and the folders that may include them.
THIRD_PARTY = [
    (re.compile(r"^(mlir|llvm)/"), ["dialects", "compiler/import/ImportLlama", "compiler/passes", "compiler/emit",
                                    "compiler/pipelines", "tools", "tests"]),
    (re.compile(r"^systemc"), ["simulator/sysc", "tests"]),
    (re.compile(r"^google/protobuf|\.pb\.h$"), ["runtime/program", "runtime/support/TextMessage", "hw-models",
                                                   "simulator/spiking", "tests"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)
FOLDERS = ("runtime/", "hw-models/", "dialects/", "compiler/", "simulator/", "exploration/", "tools/")


def layer(path):
    best = ""
    for folder in ALLOWED:
        if path.startswith(folder + "/") and len(folder) > len(best):
            best = folder
    return best


def main():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.h", "*.cpp"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    problems = []
    for name in filter(lambda file: (ROOT / file).exists(), listed):  # one deleted, but not yet in git
        text = (ROOT / name).read_text(encoding="utf-8")
        own = layer(name)
        for _, header in INCLUDE.findall(text):
            for pattern, homes in THIRD_PARTY:
                if pattern.search(header) and not name.startswith(tuple(homes)):
                    problems.append(f"{name}: includes {header}, which belongs to {', '.join(homes)}")
            if own and header.startswith(FOLDERS) and not header.endswith((".inc", ".pb.h")):
                target = layer(header)
                if target != own and not any(header.startswith(a + "/") or header == a for a in ALLOWED[own]):
                    problems.append(f"{name}: {own} may not know {header}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
