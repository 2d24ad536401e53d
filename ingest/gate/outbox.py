"""Mails that ``conduct sendmail`` could not check or hand over: kept in the user's own account until sent again.

Each is one file of mode 0600 in a folder of mode 0700, as mail programs keep what they postpone; it is the user's own
mail, so it is not sealed, and it goes after a week.  While a mail is being sent its file has another name: whoever
comes second finds nothing to send, and what a crash leaves there may have been sent and is never sent by itself.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ingest.home import user_state, write_secret
from ingest.smtp_values import Envelope
from policies.errors import UnreadableInput, WrongUsage
from policies.lint.draft import Draft
from policies.lint.sameness import draft_digest

KEPT_DAYS: Final = 7
_WAITING: Final = ".waiting"
_OPEN: Final = ".sending"
_ID: Final = re.compile(r"[0-9a-f]{8}")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class KeptMail:
    """A mail and its envelope.  ``may_be_sent``: nobody knows what became of the last attempt."""

    id: str
    envelope: Envelope
    raw: bytes
    may_be_sent: bool

    def __repr__(self) -> str:
        """Which."""
        return f"KeptMail({self.id})"

    @property
    def digest(self) -> str:
        """What says whether another mail is the same one: not what a mail program writes anew each time."""
        return draft_digest(Draft(self.raw), self.envelope.recipients).hex()


class Outbox:
    """One user's kept mails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, envelope: Envelope, raw: bytes, *, may_be_sent: bool = False) -> str:
        """Keep a mail, on the disk when this returns; its id.  The same mail is kept once.  Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder.chmod(0o700)
        kept = KeptMail(secrets.token_hex(4), envelope, raw, may_be_sent)
        for each in self.all():
            if each.digest == kept.digest and each.may_be_sent == may_be_sent:
                return each.id
        head = json.dumps({"sender": envelope.sender, "recipients": list(envelope.recipients)}).encode()
        write_secret(self._file(kept.id, is_open=may_be_sent), head + b"\n" + raw)
        return kept.id

    def all(self) -> Iterator[KeptMail]:
        """Every kept mail, in no particular order."""
        for suffix in (_WAITING, _OPEN):
            for file in sorted(self._folder.glob(f"*{suffix}")):
                with contextlib.suppress(FileNotFoundError, UnreadableInput):  # gone meanwhile, or nobody's doing
                    yield _read(file)

    def claim(self, mail_id: str) -> KeptMail:
        """Take a mail to send it; nobody else can until ``put_back``.

        Raises WrongUsage: there is none of that id, it is being sent, or it may have been sent already.
        """
        waiting, claimed = self._file(mail_id, is_open=False), self._file(mail_id, is_open=True)
        try:
            waiting.rename(claimed)
        except FileNotFoundError:
            raise self._not_there(claimed) from None
        return _read(claimed)

    def put_back(self, mail_id: str) -> None:
        """It was certainly not sent: it waits again."""
        self._file(mail_id, is_open=True).rename(self._file(mail_id, is_open=False))

    def forget(self, mail_id: str) -> bool:
        """Delete a mail; whether there was one."""
        found = [self._file(mail_id, is_open=is_open) for is_open in (True, False)]
        was_there = any(file.exists() for file in found)
        for file in found:
            file.unlink(missing_ok=True)
        return was_there

    def forget_same(self, envelope: Envelope, raw: bytes) -> None:
        """Delete what was kept of earlier attempts to send a mail that was sent now."""
        if not any(self._folder.glob("*")):
            return
        digest = KeptMail("", envelope, raw, may_be_sent=False).digest
        for each in list(self.all()):
            if each.digest == digest:
                self.forget(each.id)

    def forget_old(self, now: datetime) -> list[str]:
        """Delete what has lain for a week; the ids of the mails that were deleted unsent."""
        gone = []
        for file in self._folder.glob("*"):
            with contextlib.suppress(OSError):
                if datetime.fromtimestamp(file.stat().st_mtime, UTC) < now - timedelta(days=KEPT_DAYS):
                    file.unlink()
                    gone += [file.stem] if file.suffix == _WAITING else []
        return gone

    def _file(self, mail_id: str, *, is_open: bool) -> Path:
        if not _ID.fullmatch(mail_id):
            raise WrongUsage("no-such-mail", "No mail is kept under that id.", "conduct sendmail --kept lists them.")
        return self._folder / f"{mail_id}{_OPEN if is_open else _WAITING}"

    def _not_there(self, claimed: Path) -> WrongUsage:
        if claimed.exists():
            return WrongUsage(
                "may-be-sent",
                "It is being sent, or an attempt broke off after which nobody knows whether it was.",
                "Look whether the committee's own copy arrived; then write it anew, or: conduct sendmail --discard ID",
            )
        return WrongUsage(
            "no-such-mail", "No mail is kept under that id; it may have been sent.", "conduct sendmail --kept lists."
        )


def _read(file: Path) -> KeptMail:
    head, _, raw = file.read_bytes().partition(b"\n")
    try:
        value = json.loads(head)
        envelope = Envelope(str(value["sender"]), tuple(str(each) for each in value["recipients"]))
    except (ValueError, KeyError, TypeError):
        raise UnreadableInput("bad-kept-mail", f"{file} cannot be read.", "Delete it.") from None
    return KeptMail(file.name.partition(".")[0], envelope, raw, may_be_sent=file.name.endswith(_OPEN))


def folder_of_user() -> Path:
    """Where a user's kept mails lie."""
    return user_state() / "unsent"
