#!/usr/bin/env bash
# Installs what is missing, builds everything, runs every test and the linters.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
scripts/lint.sh
cmake --preset release
cmake --build --preset release
ctest --test-dir build --output-on-failure -j "$(nproc)"
scripts/lint.sh HEAD~1
