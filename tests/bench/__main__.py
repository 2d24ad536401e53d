"""What the rules say of ordinary letters and of an archive, then speed and memory on a throwaway Dovecot, with targets.

The archive is one that the bench invents, or ``--archive PATH``: then it is all that is looked at.  Each way of
reading a mailbox is measured several times in fresh processes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import gateway, letters, replies, starting, unlocked
from tests.bench.chains import Chains
from tests.bench.mailbox import Generator, Posted
from tests.cli_runner import ROOT
from tests.scenes import Scene
from tests.servers.account import Account, DovecotAdministrator
from tests.servers.dovecot import Dovecot, find_dovecot

READERS = ("Ada Quist", "Bela Rao", "Cleo Marsh", "Dana Wolfe", "Emil Stroud", "Fay Okoro", "Gus Lindahl")
SEED = 6
CHAINED = 1000
_MIB = 1024 * 1024
_KIB_PER_MIB = 1024
#: A target: what is compared, the value it must reach, and whether less is better.
SHARE_OF_SEALED = 0.60
TIMES_A_LOGIN = 2.0
PARENT_MIB = 128
CHILD_MIB = 512


def main() -> int:
    """0 when every target is met, 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--large", type=int, default=50, help="mails of 20 MiB for the peak of memory")
    parser.add_argument("--archive", type=Path, nargs="+", help="an mbox, a Maildir, or a folder of them: only this")
    options = parser.parse_args()
    if options.archive:
        return replies.main(options.archive)
    is_met = (letters.main() == 0) & _invented_archive() & (starting.main() == 0)
    is_met &= (unlocked.main([]) == 0) & (gateway.main([]) == 0)
    if find_dovecot() is None:
        print("The bench needs Dovecot: apt-get install dovecot-imapd", file=sys.stderr)
        return 4
    with _server() as dovecot, tempfile.TemporaryDirectory() as folder:
        return _measure(dovecot, Path(folder), options, is_met=is_met)


def _invented_archive() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "invented.mbox"
        with file.open("wb") as archive:
            archive.writelines(Chains(SEED).mbox(CHAINED))
        return replies.main([file]) == 0


def _measure(dovecot: Dovecot, folder: Path, options: argparse.Namespace, *, is_met: bool) -> int:
    met = _speed(dovecot, folder, options) and is_met
    if options.large:
        met = _memory(dovecot, folder, options.large) and met
    print("All targets are met." if met else "A target is missed.")
    return 0 if met else 1


@contextlib.contextmanager
def _server() -> Iterator[Dovecot]:
    dovecot = Dovecot()
    try:
        dovecot.start()
        yield dovecot
    finally:
        dovecot.remove()


def _speed(dovecot: Dovecot, folder: Path, options: argparse.Namespace) -> bool:
    total = _fill(dovecot, "speed", Generator(SEED).mails(options.mails))
    print(f"{options.mails} mails of {total / options.mails / 1000:.1f} kB on average, {len(READERS)} readers.")
    (folder / "speed").mkdir()
    scene = Scene.found(folder / "speed", _account(dovecot, "speed"), READERS)
    _run("bare", scene.home.root)  # Dovecot builds its index at the first look
    seconds: dict[str, list[float]] = {way: [] for way in ("bare", "sealed", "whole")}
    for repeat in range(options.repeats):
        for way, found in seconds.items():
            home = folder / f"{way}-{repeat}"
            shutil.copytree(scene.home.root, home)
            found.append(_run(way, home)["seconds"])
    best = {way: min(found) for way, found in seconds.items()}  # the repeat that others disturbed least
    for way, took in best.items():
        print(f"  {way:<8}{took:7.2f} s  {options.mails / took:7.0f} mails a second")
    again = _run("again", folder / "whole-0")
    share, times = best["sealed"] / best["whole"], again["seconds"] / again["login_seconds"]
    print(f"  nothing new {again['seconds'] * 1000:.1f} ms, a bare login {again['login_seconds'] * 1000:.1f} ms")
    print(f"Against a bare fetch: {best['bare'] / best['whole']:.2f}")
    return _said("Against fetching and sealing without reading", share, SHARE_OF_SEALED, more=True) & _said(
        "A poll with nothing new, in bare logins", times, TIMES_A_LOGIN, more=False
    )


def _memory(dovecot: Dovecot, folder: Path, count: int) -> bool:
    total = _fill(dovecot, "memory", Generator(SEED).large(count, 20 * _MIB))
    print(f"{count} mails of {total / count / _MIB:.1f} MiB.")
    (folder / "memory").mkdir()
    scene = Scene.found(folder / "memory", _account(dovecot, "memory"), READERS)
    found = _run("whole", scene.home.root)
    print(f"  whole   {found['seconds']:7.2f} s")
    return _said("Peak of the parent, MiB", found["parent_kib"] / _KIB_PER_MIB, PARENT_MIB, more=False) & _said(
        "Peak of the child, MiB", found["child_kib"] / _KIB_PER_MIB, CHILD_MIB, more=False
    )


def _said(what: str, value: float, target: float, *, more: bool) -> bool:
    """Print a figure beside its target; whether it is met."""
    met = value >= target if more else value <= target
    print(f"{what}: {value:.2f} (target {'at least' if more else 'at most'} {target:g}){'' if met else '  MISSED'}")
    return met


def _account(dovecot: Dovecot, user: str) -> Account:
    return Account("dovecot", dovecot.port, user, dovecot.password, DovecotAdministrator(dovecot))


def _fill(dovecot: Dovecot, user: str, mails: Iterable[Posted]) -> int:
    """Deliver straight into the Maildir, sizes in the names; returns how many bytes."""
    maildir, total = dovecot.maildir(user), 0
    owner = maildir.stat()
    for number, posted in enumerate(mails):
        size = len(posted.content)
        file = maildir / "cur" / f"{number:09d}.bench,S={size},W={size}:2,"
        file.write_bytes(posted.content)
        arrived = posted.arrived.timestamp()
        os.utime(file, (arrived, arrived))
        os.chown(file, owner.st_uid, owner.st_gid)
        total += size
    return total


def _run(way: str, home: Path) -> dict[str, float]:
    finished = subprocess.run(
        [sys.executable, "-m", "tests.bench.ways", way, str(home)],
        capture_output=True, check=False, cwd=ROOT, text=True,
    )  # fmt: skip
    if finished.returncode:
        raise SystemExit(finished.stderr)
    found: dict[str, float] = json.loads(finished.stdout)
    return found


if __name__ == "__main__":
    started = time.monotonic()
    status = main()
    print(
        f"Measured in {time.monotonic() - started:.0f} s on {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors."
    )
    sys.exit(status)
