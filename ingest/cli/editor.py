"""A long text written in the person's own editor, without leaving a trace of it behind.

The text lies in a folder of its own (0700, in memory where the system has such a place) and the whole folder is
overwritten and deleted afterwards, with whatever the editor left there: swap files, backups.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType
from typing import Final

from ingest.cli.cleaning import clean
from ingest.cli.output import say
from policies.errors import UnreadableInput, WrongUsage

MOST_BYTES: Final = 1024 * 1024
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, for its owner alone
# vim may be set up to keep swap files, undo files and what was yanked elsewhere.
_QUIET: Final = ("-n", "-i", "NONE", "-c", "set noundofile nobackup nowritebackup")
_VIM: Final = frozenset({"vim", "nvim", "gvim", "vim.basic", "vim.tiny", "vim.nox"})


def editor_of(environ: Mapping[str, str]) -> list[str]:
    """The editor's command line from VISUAL, else EDITOR; empty where neither names one.

    Raises WrongUsage: its quotes do not match.
    """
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                words = shlex.split(environ[name])
            except ValueError:
                raise WrongUsage("bad-editor", f"{name} cannot be understood.", "Mend its quotes.") from None
            program = shutil.which(words[0])
            is_vim = program is not None and Path(program).resolve().name in _VIM
            return [*words, *(_QUIET if is_vim else ())]
    return []


def edit(text: str, name: str, environ: Mapping[str, str]) -> str | None:
    """What the person makes of a text in her editor; None where the editor failed or the text is as it was.

    Raises WrongUsage: there is no such editor; UnreadableInput: what it wrote is no text, or too long.
    """
    command = editor_of(environ)
    with _private_folder(environ) as folder:
        file = folder / f"{name}.txt"
        before = clean(text, multiline=True)
        _write(file, before + "\n" if before else "")
        if not _ran(command, file, environ):
            say("The editor ended with an error; nothing was taken over.")
            return None
        after = _read(file)
    return None if after == before.rstrip() else after


def _ran(command: list[str], file: Path, environ: Mapping[str, str]) -> bool:
    try:
        with _left_to_the_editor():
            done = subprocess.run(
                [*command, file.name], cwd=file.parent, env={**environ, "TMPDIR": str(file.parent)}, check=False
            )
    except OSError as error:
        raise WrongUsage("no-editor", f"The editor cannot be started: {error.strerror}.", "Set VISUAL.") from None
    return done.returncode == 0


@contextlib.contextmanager
def _left_to_the_editor() -> Iterator[None]:
    """Ctrl-C is the editor's own while it runs; a handler, unlike ignoring, does not pass on to it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _private_folder(environ: Mapping[str, str]) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="conduct-", dir=_place(environ)))
    with _tidy_when_told_to_end():
        try:
            yield folder
        finally:
            _shred(folder)


def _place(environ: Mapping[str, str]) -> Path | None:
    """A folder in memory: the user's own of the session, else the system's; None where there is neither."""
    for place in (Path(environ.get("XDG_RUNTIME_DIR") or "/nowhere"), _IN_MEMORY):
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return place
    say("This system has no folder in memory: the text lies on the disk while you write.")
    return None


@contextlib.contextmanager
def _tidy_when_told_to_end() -> Iterator[None]:
    """A terminal that is closed, or a plain kill, ends the block as an error does, so that it cleans up."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _shred(folder: Path) -> None:
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                _overwrite(Path(place) / name)
    shutil.rmtree(folder, ignore_errors=True)


def _overwrite(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        os.write(descriptor, bytes(min(os.fstat(descriptor).st_size, 16 * MOST_BYTES)))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)


def _read(file: Path) -> str:
    content = file.read_bytes() if file.is_file() else b""
    try:
        text = content.decode("utf-8") if len(content) <= MOST_BYTES else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise UnreadableInput("bad-text", "What the editor wrote is no text in UTF-8, or too long.", "Write it again.")
    return text.rstrip()
