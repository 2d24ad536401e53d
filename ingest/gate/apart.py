"""The check in a limited child: what breaks it is a mail that could not be checked, and nothing more."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ingest.gate.ruling import Judged, Ruling, from_plain
from ingest.home import Home
from ingest.worker import Broken, Reader
from policies.errors import ConductError

#: What leads the child to the agent and the day of a trial home; nothing else of the environment.
_PASSED_ON: Final = (
    "HOME",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "CREDENTIALS_DIRECTORY",
    "CONDUCT_TODAY",
    "PGPASSFILE",
)
#: A long thread with many files takes its time, and mail programs wait longer (RFC 5321 section 4.5.3.2.6).
_SECONDS: Final = 60.0


class Apart:
    """Judges mails in a child that is started when needed and replaced when one breaks it; for one thread at a time.

    ``files`` are the identities whose key an agent may hold, most wanted first; ``is_shared`` as ``Gate`` has it.
    ``reads_mailbox``: where nobody's key is there, the thread is read from the mailbox.
    """

    def __init__(
        self,
        home: Home,
        files: Sequence[Path],
        environ: Mapping[str, str],
        *,
        is_shared: bool = False,
        reads_mailbox: bool = False,
    ) -> None:
        setup = {
            "root": str(home.root.absolute()),
            "configuration": str(home.configuration.absolute()),
            "credentials": str(home.credentials.absolute()) if home.credentials else None,
            "reads_mailbox": reads_mailbox,
            "identities": [str(file.absolute()) for file in files],
            "is_shared": is_shared,
            "environ": {name: environ[name] for name in _PASSED_ON if name in environ},
        }
        self._reader = Reader(
            setup,
            seconds=_SECONDS,
            recycle_after=500,
            command=(sys.executable, "-B", "-P", "-m", "ingest.gate.child"),
        )

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def start(self) -> None:
        """Start the child in the background, before the first mail needs it."""
        self._reader.start()

    def judge(self, raw: bytes, recipients: Sequence[str], sender: str, *, keeps: bool = True) -> Judged:
        """As ``Gate.judge``."""
        head = json.dumps({"recipients": list(recipients), "sender": sender, "keeps": keeps}).encode()
        try:
            answer = self._reader.read("mail", head + b"\n" + raw)
            if not isinstance(answer, Broken):
                return from_plain(answer)
            return Judged(Ruling.UNCHECKED, trouble=f"The check broke off ({answer.reason}).", is_of_mail=True)
        except ConductError as error:
            trouble = error.sentence
        except (KeyError, TypeError, ValueError):
            trouble = "The check gave no answer that can be understood."
        return Judged(Ruling.UNCHECKED, trouble=trouble)

    def close(self) -> None:
        """End the child."""
        self._reader.close()
