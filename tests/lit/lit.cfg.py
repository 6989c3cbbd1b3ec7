"""Tests of the IR: text through synfire-opt, judged by FileCheck or by --verify-diagnostics."""
import os

import lit.formats

config.name = "synfire"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join(
    [config.synfire_tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")])
# Our code and libMLIR share LLVM's bump allocators, which poison memory only where they are instrumented.
config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

config.substitutions.append(("%source_dir", config.synfire_source_dir))
config.substitutions.append(("%python", config.python))
