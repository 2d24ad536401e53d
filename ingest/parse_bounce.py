"""Delivery reports: whose mail failed, and which of our mails it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message as Part

from flufl.bounce import scan_message

from ingest import parse_headers, parse_tree
from ingest.parse_headers import Headers
from ingest.parse_tree import Tree
from ingest.parse_words import header_text
from policies.mail import Address, Bounce

MAX_FAILED = 200
_SENDERS = re.compile(r"mailer-daemon|postmaster|mail-daemon|mdaemon|maildaemon|mailerdaemon", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>;,\"]{1,200}@[^\s<>;,\"]{1,200}")
_QUOTED_ID = re.compile(r"^[> ]{0,4}Message-ID:\s*<([^<>\s]{3,500})>", re.IGNORECASE | re.MULTILINE)
_UNDELIVERED = frozenset({"failed", ""})


def bounce(headers: Headers, senders: Iterable[Address], tree: Tree, text: str) -> Bounce | None:
    """What the report says; None for a mail that is none.  A mere delay is a report in which nobody failed."""
    if not _may_be_report(headers, senders, tree):
        return None
    failed = dict.fromkeys(_final_recipients(tree.reports))
    failed |= dict.fromkeys(_ADDRESS.findall(headers.text("x-failed-recipients")))
    if not failed and not tree.reports:
        failed |= dict.fromkeys(_heuristic_recipients(tree.root))
    original = _original_id(tree, text)
    if not (failed or original or tree.reports):
        return None
    return Bounce(tuple(failed)[:MAX_FAILED], original)


def _may_be_report(headers: Headers, senders: Iterable[Address], tree: Tree) -> bool:
    """Only these are searched for failures: the words of a bounce may stand in anybody's mail."""
    root = headers.text("content-type").lower()
    if tree.reports or headers.first("x-failed-recipients") or "report-type=delivery-status" in root.replace('"', ""):
        return True
    if headers.first("return-path").strip() == b"<>" and not headers.first("auto-submitted").startswith(
        b"auto-replied"
    ):
        return "disposition-notification" not in root
    return any(_SENDERS.search(sender.address.partition("@")[0]) for sender in senders)


def _final_recipients(reports: Iterable[Part]) -> Iterable[str]:
    """RFC 3464 2.3: one group of fields a recipient; also the address under which we knew it."""
    for group in reports:
        if _field(group, "action").lower() not in _UNDELIVERED:
            continue
        for name in ("original-recipient", "final-recipient"):
            yield from _ADDRESS.findall(_field(group, name).partition(";")[2].strip())


def _field(group: Part, name: str) -> str:
    return next((header_text(value) for key, value in parse_tree.headers_of(group).fields if key == name), "")


def _heuristic_recipients(root: Part) -> Iterable[str]:
    """The forms of servers that follow no standard."""
    try:
        found = scan_message(root)
    except Exception:  # noqa: BLE001  one mail: a detector that stumbles has detected nothing
        return []
    return sorted(address.decode("utf-8", "replace") for address in found)


def _original_id(tree: Tree, text: str) -> str:
    """The Message-ID of the mail that came back: from its copy, its header, or what was quoted of it."""
    for original in tree.attached:
        name = parse_headers.message_id(parse_tree.headers_of(original))
        if name:
            return name
    for leaf in tree.leaves:
        if leaf.kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
            return parse_headers.message_id(parse_headers.split(leaf.content(set()).lstrip() + b"\n\n")[0])
    quoted = _QUOTED_ID.search(text)
    return quoted[1] if quoted else ""
