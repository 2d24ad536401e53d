"""How long ``conduct lint`` takes with the agent on a store of 5,000 mails: ``python -m tests.bench.unlocked``.

Measured as a mail program's hook would start it, once for the service's user, who finds threads by tags, and once for
a member without the service's keys, who finds them by her index.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.stored import Posted, fill
from tests.ingest.agent.agents import Agents, agents
from tests.scenes import CONDUCT, Scene

#: The target, in seconds.
SECONDS = 0.5


def main(words: list[str] | None = None) -> int:
    """0 when the target is met, 1 when it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=9)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, _unlocked(Path(folder), options.mails) as (hook, posted):
        answer = _draft(Path(folder) / "answer.eml", posted[-2], answers=True)
        fresh = _draft(Path(folder) / "fresh.eml", posted[-2], answers=False)
        took = [_timed(hook, file, options.repeats, name) for file, name in ((answer, "answer"), (fresh, "new mail"))]
        hook.scene.home.server_keys.unlink()
        took += [
            _timed(hook, file, options.repeats, f"{name}, by index")
            for file, name in ((answer, "answer"), (fresh, "new mail"))
        ]
    is_met = max(took) < SECONDS
    print(f"target: under {SECONDS} s on {options.mails} mails: {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


@contextmanager
def _unlocked(folder: Path, mails: int) -> Iterator[tuple[Agents, list[Posted]]]:
    scene = Scene.found(folder)
    posted = fill(scene, mails)
    with agents(folder, scene) as made:
        started = time.perf_counter()
        made.unlock("1h")
        print(f"unlock, which looks through {mails} mails: {time.perf_counter() - started:.2f} s")
        yield made, posted


def _draft(file: Path, to: Posted, *, answers: bool) -> Path:
    threaded = f"In-Reply-To: <{to.message_id}>\n" if answers else ""
    file.write_text(
        f"From: Priya Raman <priya@committee.example.org>\nTo: {to.sender}\nCc: {CONDUCT}\nSubject: Your letter\n"
        f"{threaded}Content-Type: text/plain; charset=utf-8\n\nHello,\nthank you for your letter.\n"
    )
    return file


def _timed(hook: Agents, draft: Path, repeats: int, name: str) -> float:
    """The median, after one that is not counted."""
    hook.conduct("lint", draft).done()
    took = []
    for _ in range(repeats):
        started = time.perf_counter()
        hook.conduct("lint", draft).done()
        took.append(time.perf_counter() - started)
    print(f"lint, {name}: median {statistics.median(took):.3f} s, least {min(took):.3f} s")
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
