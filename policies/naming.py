"""Naming a subject on the command line: ``Name <address, handle or URL>`` read into its parts, and printed."""

from __future__ import annotations

import re
from typing import Final

from policies.case import Subject
from policies.errors import WrongUsage

_ADDRESS: Final = re.compile(r"[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)+")
_ANGLED: Final = re.compile(r"([^<>]*)<([^<>]*)>\s*")


def parse_subject(text: str) -> Subject:
    """A named subject; contacts in the brackets are told apart by their form and separated by commas.

    Without brackets the text is a contact if it looks like one, else a name.

    Raises WrongUsage: nothing that names anybody.

    >>> parse_subject("Ann Example <ann@example.org, @ann_e>").handles
    ('@ann_e',)
    """
    match = _ANGLED.fullmatch(text.strip())
    name, contacts = (match[1].strip(), match[2]) if match else ("", text.strip())
    if match is None and not _is_contact(contacts):
        name, contacts = contacts, ""
    found = [contact for contact in re.split(r"[,;\s]+", contacts) if contact]
    subject = Subject(
        names=(name,) if name else (),
        addresses=tuple(one for one in found if _ADDRESS.fullmatch(one)),
        urls=tuple(one for one in found if "://" in one),
        handles=tuple(one for one in found if "://" not in one and not _ADDRESS.fullmatch(one)),
    )
    if subject == Subject() or "<" in name or ">" in name:
        raise WrongUsage(
            "bad-subject", "A subject was not understood.", 'Write it as "Name <address, handle or URL>"; quotes help.'
        )
    return subject


def print_subject(subject: Subject) -> str:
    """The same form again, every contact in brackets."""
    contacts = ", ".join((*subject.addresses, *subject.handles, *subject.urls))
    name = ", ".join(subject.names)
    return f"{name} <{contacts}>".strip() if contacts else name


def _is_contact(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text)) or "://" in text or (text.startswith("@") and " " not in text)
