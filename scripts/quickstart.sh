#!/usr/bin/env bash
# Installs what is missing, builds the tool, and does the main job once: compile
# the shipped model, simulate it, print the report and write it as JSON.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
cmake --preset release
cmake --build --preset release --target synfire

model=models/fable-0.9M
out=build/quickstart
mkdir -p "$out"
set -x
build/bin/synfire compile "$model" -o "$out/model.sfp" --method las --steps 16 --hw loihi2 --calibrate "$model/calibration.txt"
build/bin/synfire simulate "$out/model.sfp" --prompt "Once upon a time" --tokens 40 --noc burst --run "$out/run.binpb"
build/bin/synfire report "$out/run.binpb" --json > "$out/report.json"
