#!/usr/bin/env bash
# Installs every Debian 12 package that synfire needs, and says why each is there.
# Both commands of the README and .ci/run call it; it is the only list.
set -euo pipefail

packages=(
  # compilers and build: clang for development, g++ as the second opinion
  clang-19 lld-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev g++ cmake ninja-build ccache pkg-config git
  # the dialects, passes and their tests (FileCheck, not, lit)
  libmlir-19-dev mlir-19-tools llvm-19-dev llvm-19-tools python3
  # the machine
  libsystemc-dev
  # Program and Run files; checksums of both
  libprotobuf-dev protobuf-compiler libxxhash-dev
  # text: messages and tables, JSON, command line, Unicode regular expressions of tokenizers
  libfmt-dev nlohmann-json3-dev libcli11-dev libpcre2-dev
  # matrix products of the float reference and, in exact double arithmetic, of the engine
  libopenblas-pthread-dev
  # placement of cores: cuts of the traffic graph
  libmetis-dev
  # tests and benchmarks
  libgtest-dev libgmock-dev libbenchmark-dev
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
"${run[@]}" apt-get update -qq
"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
