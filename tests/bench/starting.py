"""What ``conduct lint`` costs a mail that waits for it: ``python -m tests.bench.starting``.

Its time is compared with that of ``python -c pass`` in the same run, since no two machines agree on seconds; its memory
is that of a draft of 25 MiB with files.  Python keeps what it has compiled, as it does where the program is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.lint.weighing import HEAD, ROOT, large, lay_out, run

#: The targets: times ``python -c pass``, mebibytes, seconds of computing.
TIMES_NOTHING = 8.0
LARGE_MIB = 200
LARGE_SECONDS = 2.0
REPEATS = 25
_MIB = 1024 * 1024
# As the installed command begins.
_COMMAND = "import sys; from ingest.cli.start import main; main()"
_DRAFT = HEAD + (
    b"Content-Type: text/plain; charset=utf-8\nIn-Reply-To: <question@fair.example>\n\n"
    b"Dear Rita,\n\nthank you for your question. We will look at it on Thursday and write to you again by Friday.\n"
    b"If anything is urgent before then, please answer to this mail; all of us read it.\n\nBest regards,\nInes\n\n"
    b"On 3 May 2026 at 18:04, Rita Vogel wrote:\n> Dear committee,\n>\n> may we publish the programme as it stands?\n"
)


def main() -> int:
    """0 when every target is met, 1 when one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        times = _times_nothing(Path(folder))
        ended = run(Path(folder), large(5, 3_700_000))
    met = [
        _said("lint with a context, in times of python -c pass", times, TIMES_NOTHING),
        _said("A draft of 25 MiB, MiB of memory", ended.most / _MIB, LARGE_MIB),
        _said("A draft of 25 MiB, seconds of computing", ended.seconds, LARGE_SECONDS),
    ]
    return 0 if all(met) else 1


def _times_nothing(folder: Path) -> float:
    """How many times as long as a bare Python it takes, each at its least, taken in turns."""
    ways = {"nothing": "pass", "click": "import click", "lint": _COMMAND}
    words = lay_out(folder, _DRAFT)
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(REPEATS):
        for way, program in ways.items():
            took[way].append(_seconds(program, words, folder))
    least = {way: min(each[1:]) for way, each in took.items()}
    for way, seconds in least.items():
        print(f"  {way:<8}{seconds * 1000:6.1f} ms  {seconds / least['nothing']:5.2f}")
    return least["lint"] / least["nothing"]


def _seconds(program: str, words: list[str], folder: Path) -> float:
    kept = {name: held for name, held in os.environ.items() if not name.startswith("PYTHON")}
    environ = {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *words], env=environ, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def _said(what: str, value: float, most: float) -> bool:
    print(f"{what}: {value:.2f} (target at most {most:g}){'' if value <= most else '  MISSED'}")
    return value <= most


if __name__ == "__main__":
    sys.exit(main())
