"""``conduct lint`` in a process of its own: its seconds, its memory, and drafts to weigh it by."""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.lint.drafts import ROSTER
from tests.processes import most_memory

ROOT = Path(__file__).parents[2]
HEAD = (
    b"From: Ines Duarte <ines@meadow.example>\nTo: Rita Vogel <rita@fair.example>\nCc: conduct@meadow.example\n"
    b"Subject: An answer\nDate: Mon, 4 May 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
)
CASE: dict[str, Any] = {
    "case": {
        "code": "quiet harbour",
        "reporters": [{"name": "Tuva Nyberg", "addresses": ["tuva@glen.example"], "handles": ["tuvan"]}],
        "subjects": [{"name": "Odd Krog", "addresses": ["odd@krog.example"], "handles": ["oddk"]}],
    }
}


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a run of the command ended: its seconds of computing, and the most memory in bytes that it held."""

    status: int
    printed: bytes
    seconds: float
    most: int


def lay_out(folder: Path, raw: bytes) -> list[str]:
    """Write a draft and a context; the command's words for them."""
    (folder / "draft.eml").write_bytes(raw)
    (folder / "context.json").write_text(json.dumps({**ROSTER, **CASE}))
    return ["lint", str(folder / "draft.eml"), "--context", str(folder / "context.json")]


def run(folder: Path, raw: bytes) -> Ended:
    """``conduct lint`` on a file."""
    words = [*lay_out(folder, raw), "--format", "json"]
    with (folder / "printed").open("wb") as printed:
        child = subprocess.Popen([sys.executable, "-m", "ingest.cli", *words], cwd=ROOT, stdout=printed)
        most = 0
        # The highest mark of its own memory: what wait4 tells also holds that of the process it was forked from.
        while not (ended := os.wait4(child.pid, os.WNOHANG))[0]:
            most = max(most, high_water(child.pid))
            time.sleep(0.002)
        child.returncode = os.waitstatus_to_exitcode(ended[1])
    seconds = ended[2].ru_utime + ended[2].ru_stime
    return Ended(child.returncode, (folder / "printed").read_bytes(), seconds, most)


def high_water(pid: int) -> int:
    """The most memory that a process has held since it began its program, in bytes; 0 where it cannot be told."""
    program = Path(f"/proc/{pid}/exe")
    try:
        is_ours = program.resolve() == Path(sys.executable).resolve()
    except OSError:
        return 0
    return most_memory(pid) if is_ours else 0


def large(attachments: int, each: int) -> bytes:
    """A draft with files of bytes that no packing makes smaller."""
    chance = random.Random(7)
    files = ((b"photo.jpg", b"\xff\xd8\xff\xe0"), (b"film.mp4", b"\0\0\0\x20ftypisom"), (b"scan.pdf", b"%PDF-1.7\n"))
    parts = [
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="%b"'
        b"\n\n%b" % (files[number % 3][0], base64.encodebytes(files[number % 3][1] + chance.randbytes(each)))
        for number in range(attachments)
    ]
    fence = b"\n--big\n"
    text = b"Content-Type: text/plain\n\nHello Rita, the files are attached.\n"
    return (
        HEAD + b'Content-Type: multipart/mixed; boundary="big"\n' + fence + fence.join([text, *parts]) + b"\n--big--\n"
    )
