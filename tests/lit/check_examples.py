"""Examples in .td files do not rot: check_examples.py SOURCE_DIR.

Complete examples (a model, a network, a system) must pass synfire-opt. Each line of a pass's example must stand in
the test file that the description names, as "Example (tests/lit/….mlir):", so that the example is a doctest.
"""
import pathlib
import re
import subprocess
import sys

COMPLETE = ("ann.model", "snn.network", "chip.system")


def blocks(text):
    return re.findall(r"```mlir\n(.*?)```", text, re.S)


def squeezed(text):
    """White space and the names of values do not count."""
    text = re.sub(r"%(\[\[\w+(:.*?)?\]\]|\{\{.*?\}\}|\w+)", "%", text)
    return re.sub(r"\s+", " ", text).strip()


def main(source):
    problems, complete, doctests = [], 0, 0
    for file in sorted((source / "dialects").rglob("*.td")):
        for block in blocks(file.read_text()):
            if not block.strip().startswith(COMPLETE):
                continue
            complete += 1
            result = subprocess.run(["synfire-opt", "-"], input=block, capture_output=True, text=True)
            if result.returncode:
                problems.append(f"{file.relative_to(source)}: {result.stderr}")
    passes = (source / "compiler/passes/Passes.td").read_text()
    for description in re.split(r"^def ", passes, flags=re.M)[1:]:
        name = description.split(":")[0].strip()
        named = re.search(r"Example \((\S+)\):", description)
        if not named:
            continue
        test = squeezed(re.sub(r"^\s*// CHECK[-A-Z]*: *", "", (source / named[1]).read_text(), flags=re.M))
        for block in blocks(description):
            doctests += 1
            for line in filter(None, map(squeezed, block.splitlines())):
                if line not in test:
                    problems.append(f"pass {name}: {named[1]} lacks the example's line: {line}")
    if not complete or not doctests:
        problems.append("no examples found")
    print("\n".join(problems) or f"{complete} examples and {doctests} doctests hold")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
