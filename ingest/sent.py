"""Which folders are read: the configured ones, with the server's own name for Sent where it tells it."""

from __future__ import annotations

import dataclasses

from ingest.config import Settings
from ingest.config_sections import Imap
from ingest.mailbox import Mailbox
from policies.errors import Unavailable

_SENT = "Sent"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Folders:
    """The folders to read, and which of them holds what was sent (None: none of them)."""

    names: tuple[str, ...]
    sent: str | None

    def __repr__(self) -> str:
        """How many: members name folders after people."""
        return f"Folders({len(self.names)})"


def actual_folders(mailbox: Mailbox, settings: Settings) -> Folders:
    """The folders to read, as named on the server.

    ``Sent`` stands for the folder with the special use \\Sent (RFC 6154); where it is only the default and the
    server has none, it is left out.

    Raises Unavailable: a configured folder is missing.
    """
    assert settings.imap is not None  # noqa: S101  the caller has a mailbox
    wanted = settings.imap.folders
    is_default = "folders" not in settings.imap.model_fields_set
    folders = mailbox.folders()
    names = {folder.name for folder in folders}
    sent = next((folder.name for folder in folders if "\\Sent" in folder.special), None)
    found = []
    for name in wanted:
        if name.upper() == "INBOX":
            found.append("INBOX")
        elif name in names:
            found.append(name)
        elif name == _SENT and sent is not None:
            found.append(sent)
        elif not (name == _SENT and is_default):
            raise _missing(settings.imap, name)
    own = sent or (_SENT if _SENT in names else None)
    return Folders(tuple(dict.fromkeys(found)), own if own in found else None)


def _missing(imap: Imap, name: str) -> Unavailable:
    return Unavailable(
        "no-such-folder",
        f"The mailbox has no folder {name}.",
        f"Mend imap.folders in conduct.toml (now: {', '.join(imap.folders)}); `conduct doctor` lists what there is.",
    )
