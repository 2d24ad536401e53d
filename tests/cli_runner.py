"""Calling ``conduct`` as its users do: ``run_conduct`` as a process of its own, ``call_conduct`` in this one (fast)."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]


@dataclasses.dataclass(frozen=True, slots=True)
class Completed:
    """What a command answered: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object of --format json."""
        return json.loads(self.out)

    def done(self, status: int = 0) -> Completed:
        """Itself, having checked the exit status; what was said is in the failure."""
        assert self.status == status, f"exit status {self.status}, not {status}\n{self.out}\n{self.err}"
        return self


def _arguments(args: tuple[object, ...], home: Path | None) -> list[str]:
    return [*(["--home", str(home)] if home is not None else []), *(str(argument) for argument in args)]


def run_conduct(
    *args: object,
    home: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | bytes = b"",
    timeout: float = 60,
    cwd: Path | None = None,
) -> Completed:
    """Run the command in a process of its own.  ``env`` is added to the environment of the test."""
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "ingest.cli", *_arguments(args, home)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **(env or {})},
    )
    return Completed(finished.returncode, finished.stdout.decode(), finished.stderr.decode())


def call_conduct(
    *args: object, home: Path | None = None, env: Mapping[str, str] | None = None, stdin: str | bytes = b""
) -> Completed:
    """Run the command in this process, without a terminal: as fast as a function, and a debugger reaches it."""
    from ingest.cli.app import run

    umask = os.umask(0o077)
    try:
        with mock.patch.dict(os.environ, env or {}), _streams(stdin) as (out, err):
            status = run(_arguments(args, home))
    finally:
        os.umask(umask)
    return Completed(status, out.getvalue().decode(), err.getvalue().decode())


@contextlib.contextmanager
def _streams(stdin: str | bytes) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    out, err = io.BytesIO(), io.BytesIO()
    given = io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin)
    wrappers = [io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=True) for raw in (given, out, err)]
    with mock.patch.object(sys, "stdin", wrappers[0]):
        with contextlib.redirect_stdout(wrappers[1]), contextlib.redirect_stderr(wrappers[2]):
            yield out, err
        for wrapper in wrappers:
            wrapper.detach()
