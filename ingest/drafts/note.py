"""The note beside a draft: what was found in it, in a mail that has no sender and no recipient and cannot be sent."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

from ingest.cli.cleaning import clean
from ingest.gate.ruling import Judged, Ruling
from policies.lint.draft import Draft
from records.tags import Tags
from templates import render

OF_DRAFT: Final = "X-Conduct-Lint"
_SEAL: Final = "X-Conduct-Note"
#: A mail with one of these could be sent, so it is no note, whatever else it says.
_ADDRESSED: Final = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: A Message-ID that may stand in a header of ours: RFC 5322 section 3.6.4, printable, and short.
_MESSAGE_ID: Final = re.compile(r"[!-;=?-~]{1,200}")
_SHOWN: Final = 20
#: Long enough that no header of ours is folded, which some mail programs show as two.
_LINE: Final = 300


def compose(draft: Draft, judged: Judged, tags: Tags, templates: Path) -> bytes:
    """The note for a draft, with CRLF; the same for the same draft and ruling."""
    values = {
        "is_checked": judged.ruling is Ruling.REFUSED,
        "is_closed": judged.is_closed,
        "errors": judged.errors,
        "mendable": judged.mendable,
        "about": ", ".join(judged.cases) or clean(draft.message_id[:_SHOWN]),
        "report": [clean(line) for line in judged.report],
        "trouble": clean(judged.trouble),
    }
    note = EmailMessage(policy=SMTP.clone(max_line_length=_LINE))
    note["Subject"] = " ".join(render("draft-note/subject.txt", templates, **values).split())
    if _MESSAGE_ID.fullmatch(draft.message_id):
        note["In-Reply-To"] = f"<{draft.message_id}>"
    note[OF_DRAFT] = draft.digest
    note[_SEAL] = tags.note(draft.digest).hex()
    note.set_content(render("draft-note", templates, **values), charset="utf-8", cte="base64")
    return note.as_bytes()


def draft_of(mail: Draft, tags: Tags) -> str | None:
    """The digest of the draft that a mail is our note on; None for every mail that is none."""
    if any(mail.header.all(field) for field in _ADDRESSED):
        return None
    digest = mail.header.text(OF_DRAFT).strip()
    is_ours = _DIGEST.fullmatch(digest) and mail.header.text(_SEAL).strip() == tags.note(digest).hex()
    return digest if is_ours else None
