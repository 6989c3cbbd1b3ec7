#!/usr/bin/env bash
# Formatting of every C++ file, the layering arrows, and clang-tidy on the files
# that differ from a base revision (SYNFIRE_LINT_BASE; none by default, because
# clang-tidy takes some 17 CPU seconds a file and needs a configured build/).
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z '*.cpp' '*.h' | xargs -0 -r clang-format-19 --dry-run --Werror
python3 scripts/check-layering.py

if [ -n "${SYNFIRE_LINT_BASE:-}" ] && [ -f build/compile_commands.json ]; then
  git diff -z --name-only --diff-filter=AM "$SYNFIRE_LINT_BASE" -- '*.cpp' |
    xargs -0 -r -n 4 -P 2 clang-tidy-19 -p build --quiet
fi
