"""Holds every #include against the layers: facts <- effects <- models <- link <- rules, report below rules, Pipeline above all."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
# What a folder may include besides itself. A path that ends in .h allows that header only.
ALLOWED = {
    "checks/facts": [],
    "checks/effects": ["checks/facts"],
    "checks/models": ["checks/facts", "checks/effects"],
    "checks/report": [],
    "checks/link": ["checks/facts", "checks/effects", "checks/models", "checks/report/Finding.h"],
    "checks/rules": ["checks/facts", "checks/effects", "checks/models", "checks/link", "checks/report/Finding.h"],
    "checks/explain": ["checks/facts", "checks/effects", "checks/models", "checks/link", "checks/report/Finding.h", "checks/report/Explanation.h"],
    "checks/summarize": ["checks/facts", "checks/effects", "checks/models", "checks/link", "checks/report/Finding.h"],
    "checks": ["checks/"],
    "plugin/extract": ["checks/facts"],
    "plugin/frontend": ["checks/", "plugin/extract"],
    "plugin/compiler": ["checks/", "plugin/extract", "plugin/frontend"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)


def complaints(file):
    name = file.relative_to(root).as_posix()
    folder = max((f for f in ALLOWED if name.startswith(f + "/")), key=len)
    for _, included in INCLUDE.findall(file.read_text()):
        ours = included.startswith(("checks/", "plugin/", "runtime/"))
        if folder.startswith("checks") and included.startswith("clang"):
            yield f"{name}: includes {included}; clang headers belong below plugin/"
        if ours and not included.startswith((folder + "/", *ALLOWED[folder])):
            yield f"{name}: includes {included}, which {folder}/ may not"
        if not ours and not included.startswith(("llvm/", "clang/", "flatbuffers/")) and (file.parent / included).exists():
            yield f'{name}: includes "{included}"; write the path from the root'


found = [c for top in ("checks", "plugin") for f in sorted((root / top).rglob("*")) if f.suffix in (".h", ".cpp") for c in complaints(f)]
print("\n".join(found))
sys.exit(bool(found))
