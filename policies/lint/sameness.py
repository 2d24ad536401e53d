"""Whether two mails are the same draft: a digest of what the sender decides and the rules look at.

A member lets something pass for one draft, and it is void when the draft changes.  Between the check and the sending
a mail program adds Message-ID, Date, User-Agent and MIME-Version, packs the text otherwise for the way (RFC 2045 6),
ends the lines otherwise, and takes Bcc out of the header.  None of that is a change.  A change is another character in
a text, the Subject, a name or an address, another recipient, another mail answered, another file or file name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from policies.lint.addresses import Mailbox
from policies.lint.draft import Draft
from policies.lint.mime import Part, leaves


def draft_digest(draft: Draft, envelope: Sequence[str] = ()) -> bytes:
    """The SHA-256 of the draft as it is meant.

    ``envelope`` are the recipients that a mail program hands over beside the header; one that stands in neither To nor
    Cc counts as Bcc.  Texts count as characters, without the line ends that close them; files as their bytes, line
    ends aside, under their names.
    """
    shown = {field: _people(draft.mailboxes(field)) for field in ("From", "Sender", "Reply-To", "To", "Cc")}
    seen = {address for field in ("To", "Cc") for _, address in shown[field]}
    # A copy for the writer herself is no recipient, and what arrives elsewhere does not show it.
    seen |= {address for field in ("From", "Sender") for _, address in shown[field]}
    hidden = {each.address.casefold() for each in draft.mailboxes("Bcc")} | {each.casefold() for each in envelope}
    meant = {
        "people": shown,
        "hidden": sorted(hidden - seen),
        "subject": " ".join(draft.subject.split()),
        "answers": [draft.in_reply_to, draft.references],
        "parts": list(_parts(draft)),
    }
    # Whatever a mail may hold, lone surrogates included, JSON writes in ASCII.
    text = json.dumps(meant, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"conduct/1/draft|" + text.encode("ascii")).digest()


def _people(mailboxes: Sequence[Mailbox]) -> list[tuple[str, str]]:
    """In a fixed order: the same people written in another one are no other recipients."""
    return sorted((" ".join(each.name.split()), each.address.casefold()) for each in mailboxes)


def _parts(draft: Draft) -> list[tuple[str, str, str]]:
    """What is shown and what is attached; signatures over it are neither."""
    attached = {part.path for part in draft.attachments}
    return [_part(part) for part in leaves(draft.root) if part.path in attached or part.type.startswith("text/")]


def _part(part: Part) -> tuple[str, str, str]:
    if part.type.startswith("text/"):
        content = part.text[0].rstrip("\n").encode("utf-8", "surrogatepass")
    else:
        content = part.content.replace(b"\r\n", b"\n")
    return part.type, "|".join(part.filenames), hashlib.sha256(content).hexdigest()
