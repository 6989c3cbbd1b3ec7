#!/usr/bin/env bash
# scripts/lint.sh [BASE]
# Formatting of every C++ file and the layering arrows; with BASE also clang-tidy on
# the sources that differ from that revision (it needs a configured build/, and some
# 10 CPU seconds a file, hence at most SYNFIRE_TIDY_FILES of them, 12 by default).
set -euo pipefail
cd "$(dirname "$0")/.."

git ls-files -z '*.cpp' '*.h' | xargs -0 -r clang-format-19 --dry-run --Werror
python3 scripts/check-layering.py

base=${1:-}
[ -n "$base" ] || exit 0
if ! git rev-parse -q --verify "$base^{commit}" >/dev/null; then
  echo "lint: no revision $base to compare with: clang-tidy left out"
  exit 0
fi
limit=${SYNFIRE_TIDY_FILES:-12}
# Only what this build compiles: fuzz targets, for one, belong to the asan preset.
mapfile -t changed < <(git diff --name-only --diff-filter=AMR "$base" -- '*.cpp' | while read -r file; do
  grep -q "\"file\": \"$PWD/$file\"" build/compile_commands.json && echo "$file"
done || true)
[ "${#changed[@]}" -le "$limit" ] ||
  echo "lint: clang-tidy on $limit of ${#changed[@]} changed files (SYNFIRE_TIDY_FILES sets the limit)"
[ "${#changed[@]}" -eq 0 ] ||
  printf '%s\0' "${changed[@]:0:$limit}" | xargs -0 -n 3 -P "$(nproc)" clang-tidy-19 -p build --quiet
