"""Writes the seeds that FactsFuzzer starts from: the facts of small tests, made in a directory of the same name everywhere.

    make-corpus.py FENCELINT
"""
import pathlib
import shutil
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
tests, corpus = here.parent, here / "corpus"
place = pathlib.Path("/tmp/fencelint-seeds")  # the name gets into the facts
shutil.rmtree(place, ignore_errors=True)
place.mkdir()
shutil.copytree(tests / "Inputs", place / "Inputs")
shutil.rmtree(corpus, ignore_errors=True)
corpus.mkdir()
sources = [*sorted((tests / "extract").glob("*.c*")), *sorted((tests / "rules").glob("*.c*"))]
for source in sources:
    copy = pathlib.Path(shutil.copy(source, place))
    saved = corpus / (source.parent.name + "-" + source.stem + ".facts")
    standard = "-std=c++20" if source.suffix == ".cpp" else "-std=gnu11"
    words = [sys.argv[1], "facts", copy, "--output-facts", saved, "--", standard, f"-I{place}/Inputs", f"-I{place}/Inputs/kernel", f"-I{place}/Inputs/cxx"]
    if subprocess.run(words, capture_output=True).returncode or saved.stat().st_size > 9000:
        saved.unlink(missing_ok=True)  # needs more than one command, or is no small test
shutil.rmtree(place)
print(f"{len(list(corpus.iterdir()))} seeds, {sum(f.stat().st_size for f in corpus.iterdir())} bytes")
