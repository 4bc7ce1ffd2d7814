# How a test finds what it runs. A test is any .c, .cpp or .test file with RUN lines; Inputs/ holds what tests read.
import glob
import os
import shutil
import subprocess

import lit.formats

if not hasattr(config, "fencelint_build"):
    lit_config.fatal("run the tests of a build tree: lit BUILD/test, or the target check-fencelint")

config.name = "fencelint"
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs", "unit", "fuzz", "CMakeLists.txt"]
config.test_format = lit.formats.ShTest(True)
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.fencelint_build, "test")

fencelint = os.path.join(config.fencelint_build, "bin", "fencelint")
check_rule = os.path.join(config.test_source_root, "utils", "check-rule.py")

config.substitutions.append(
    ("%check-rule", f"{config.python} {check_rule} --fencelint {fencelint} --filecheck {config.llvm_tools}/FileCheck")
)
# What clang and clang-tidy load. A sanitized library cannot go into a program that is not.
config.substitutions.append(("%plugin", os.path.join(config.fencelint_build, "lib", "libfencelint.so")))
config.substitutions.append(("%tidy-module", os.path.join(config.fencelint_build, "lib", "libfencelint-tidy.so")))
config.substitutions.append(("%fencelint", fencelint))
config.substitutions.append(("%python", config.python))
config.substitutions.append(("%cxx", config.cxx))
config.substitutions.append(("%inputs", os.path.join(config.test_source_root, "Inputs")))
config.substitutions.append(("%source-root", config.fencelint_source))
config.substitutions.append(("%build-root", config.fencelint_build))

# A tidy run that reads no .clang-tidy of the source tree; tests give their own settings.
config.substitutions.append(("%clang-tidy", f"clang-tidy -load {config.fencelint_build}/lib/libfencelint-tidy.so --quiet"))

# FileCheck, not, split-file, clang and clang-tidy as the tests call them; a test never sees the user's terminal or settings.
config.environment["PATH"] = os.pathsep.join([config.llvm_tools, config.environment["PATH"]])
for name in ["FENCELINT_RESOURCE_DIR", "FENCELINT_MODELS", "TERM", "NO_COLOR", "CLICOLOR_FORCE"]:
    config.environment.pop(name, None)
for name in ["ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"]:
    if name in os.environ:
        config.environment[name] = os.environ[name]

if os.geteuid() == 0 and not subprocess.call(
    ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=4k tmpfs /mnt"], stderr=subprocess.DEVNULL
):
    config.available_features.add("tmpfs")
if shutil.which("ccache"):
    config.available_features.add("ccache")
for other in glob.glob("/usr/lib/llvm-*/bin/clang"):
    if not other.startswith("/usr/lib/llvm-22/"):
        config.available_features.add("other-clang")
        config.substitutions.append(("%other-clang", other))
        break
if config.sanitize:
    config.available_features.add("sanitizer")
