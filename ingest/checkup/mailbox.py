"""What the doctor sees at the mail server: login, TLS, capabilities, folders, and its clock."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest import wiring
from ingest.checkup.finding import Finding, note, ok, problem, told
from ingest.config import Settings
from ingest.config_sections import Imap
from ingest.mailbox import Folder, Mailbox
from ingest.sent import actual_folders
from policies.errors import ConductError

_SLACK: Final = timedelta(hours=1)
#: Capability, what is missing without it, and whether that is a fault.
_WANTED: Final = (
    ("UIDPLUS", "without it a single mail cannot be expunged, and copies stay in the mailbox", True),
    ("IDLE", "new mail is noticed only when it is polled for", False),
    ("SPECIAL-USE", "the folder for sent mail must be named in imap.folders", False),
)


def examine(settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Log in and look; nothing is changed.  Raises Unavailable: the server is out of reach, or refuses."""
    assert settings.imap is not None  # noqa: S101  the caller has a mailbox
    with contextlib.closing(wiring.connect(settings, environ)) as mailbox:
        yield ok("mailbox", f"Logged in at {settings.imap.host}.")
        yield _encryption(settings.imap)
        yield from _capabilities(mailbox.capabilities())
        yield from _folders(mailbox, settings, now)


def _encryption(imap: Imap) -> Finding:
    if imap.tls == "none":
        return note("tls", "Without TLS, which is accepted because the server is this very host.")
    by = "a private authority" if imap.ca_file else "the system's authorities"
    return ok("tls", f"Encrypted ({imap.tls}); the certificate is vouched for by {by}.")


def _capabilities(told_: frozenset[str]) -> Iterator[Finding]:
    missing = [(name, loss, is_fault) for name, loss, is_fault in _WANTED if name not in told_]
    for name, loss, is_fault in missing:
        if is_fault:
            yield problem("capabilities", f"The server does not offer {name}: {loss}.", "Use another mail server.")
        else:
            yield note("capabilities", f"The server does not offer {name}: {loss}.")
    if not missing:
        yield ok("capabilities", ", ".join(name for name, _, _ in _WANTED) + " are offered.")
    if "X-GM-EXT-1" in told_:
        yield note(
            "capabilities",
            "Gmail keeps a mail in All Mail or Bin after it is expunged from a folder.",
            "Show both in IMAP, so that they are searched; the Bin empties itself after 30 days.",
        )


def _folders(mailbox: Mailbox, settings: Settings, now: datetime) -> Iterator[Finding]:
    folders = mailbox.folders()
    try:
        polled = actual_folders(mailbox, settings).names
    except ConductError as error:
        yield told("folders", error)
        # Only here, where a name must be chosen: members call folders after people.
        yield note("folders", f"The server has: {', '.join(folder.name for folder in folders)}.")
        return
    yield ok("folders", f"Polled: {', '.join(polled)}; an expunge searches all {len(folders)} that can be opened.")
    yield from _hiding_places(folders, polled)
    for name in polled:
        yield from _look_into(mailbox, name, now)


def _hiding_places(folders: Sequence[Folder], polled: Sequence[str]) -> Iterator[Finding]:
    """Folders that servers and mail programs put copies into, by what they are for."""
    special = {use for folder in folders if folder.name not in polled for use in folder.special}
    hiding = sorted(use.removeprefix("\\") for use in special & {"\\All", "\\Archive", "\\Junk", "\\Trash"})
    if hiding:
        yield note("folders", f"Mail may be moved to {', '.join(hiding)}, which are searched but not polled.")
    if "\\Sent" in special:
        yield note("folders", "The folder for sent mail is not polled.", "Add it to imap.folders.")


def _look_into(mailbox: Mailbox, name: str, now: datetime) -> Iterator[Finding]:
    selected = mailbox.select(name, readonly=False)
    if selected.read_only:
        yield problem("folders", f"{name} is read-only here: nothing can be expunged from it.", "Ask for the rights.")
    elif "\\*" not in selected.permanentflags:
        yield note("folders", f"{name} takes no keywords of our own; none is needed for polling.")
    uids = mailbox.all_uids()[-1:]
    newest = [one.internaldate for one in mailbox.overview(uids).values() if one is not None] if uids else []
    for arrived in newest:
        if arrived is not None and arrived > now + _SLACK:
            yield problem(
                "clock",
                f"The newest mail in {name} arrived at {arrived.astimezone(UTC):%Y-%m-%d %H:%M} UTC, which is to come.",
                "The mail server's clock or this machine's is wrong: terms and terms of membership go by them.",
            )
