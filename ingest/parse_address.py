"""Who a mail names in its header: our own reading of address lists, and mail-parser's as a second opinion.

Address parsers disagree on odd headers, and each loses something; the reading here keeps everybody that either
finds, and says so by a defect where they differ, because a difference is how a sender hides somebody.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime

import mailparser

from ingest.parse_headers import Headers
from ingest.parse_words import decode_words, raw_text
from policies.mail import Address

ODD = "odd-address"
IN_NAME = "address-in-name"
ENCODED = "address-encoded"
DISAGREE = "addresses-disagree"
TOO_MANY = "addresses-cut"
ALL = frozenset({ODD, IN_NAME, ENCODED, DISAGREE, TOO_MANY})

MAX_ADDRESSES = 5000
MAX_NAME = 300
MAX_ADDRESS = 320
COMPARED = ("from", "to", "cc", "bcc", "reply-to")

_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.){0,200})"'
    r"|(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,2000}\?=)"
    r'|<(?P<angle>(?:[^<>"]|"[^"<>]{0,200}"){0,600})>'
    r'|(?P<mark>[(),;:])|(?P<text>[^"<(),;:=]+|.)',
    re.DOTALL,
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class SecondOpinion:
    """What mail-parser read of the same header: lower-case addresses by field, and the date."""

    addresses: dict[str, frozenset[str]]
    date: datetime | None

    def __repr__(self) -> str:
        """Nothing of the people."""
        return "SecondOpinion()"


@dataclasses.dataclass(slots=True, repr=False)
class _Item:
    """One member of an address list while it is read."""

    words: list[str] = dataclasses.field(default_factory=list)
    angles: list[str] = dataclasses.field(default_factory=list)
    comments: list[str] = dataclasses.field(default_factory=list)
    last_quoted: str = ""

    @property
    def text(self) -> str:
        """What stands outside brackets and comments, still encoded."""
        return "".join(self.words).strip()


def second_opinion(headers: Headers) -> SecondOpinion | None:
    """Mail-parser's reading of the address fields and the date; None where it fails.

    It is handed these fields alone: over whole mails it raises on truncated multiparts, takes seconds on nested
    ones, and merges attached mails into the text.
    """
    wanted = {*COMPARED, "date"}
    block = b"".join(
        b"%s: %s\r\n" % (name.encode(), raw_text(value).encode() if b"\x1b" in value else value)
        for name, value in headers.fields
        if name in wanted
    )
    try:
        mail = mailparser.parse_from_bytes(block + b"\r\n")
        found = {name: getattr(mail, name.replace("-", "_")) or () for name in COMPARED}
        addresses = {
            name: frozenset(address.lower() for _, address in pairs if address) for name, pairs in found.items()
        }
        return SecondOpinion(addresses, mail.date)
    except Exception:  # noqa: BLE001  one mail: whatever goes wrong in there, our own reading stands
        return None


def addresses(headers: Headers, name: str, second: SecondOpinion | None, defects: set[str]) -> tuple[Address, ...]:
    """Everybody in all fields of that name; what is odd is added to ``defects``."""
    found: list[Address] = []
    for number, value in enumerate(headers.all(name)):
        listed = list(_read_list(raw_text(value), defects))
        found += listed
        if second and number == 0 and name in second.addresses:
            found += _missed(listed, second.addresses[name], defects)
    if len(found) > MAX_ADDRESSES:
        defects.add(TOO_MANY)
    return tuple(found[:MAX_ADDRESSES])


def _missed(own: list[Address], theirs: frozenset[str], defects: set[str]) -> list[Address]:
    ours = {address.address.lower() for address in own if "@" in address.address}
    if ours != {address for address in theirs if "@" in address}:
        defects.add(DISAGREE)
    return [Address("", address[:MAX_ADDRESS]) for address in sorted(theirs - ours) if "@" in address]


def _read_list(text: str, defects: set[str], *, is_decoded: bool = False) -> Iterator[Address]:
    for item in _items(text):
        listed = list(_mailboxes(item))
        if not listed and not is_decoded and "@" in decode_words(item.text):
            # Some programs encode "Paula <paula@example.net>" as a whole.
            defects.add(ENCODED)
            yield from _read_list(decode_words(item.text), defects, is_decoded=True)
            continue
        if len(listed) != 1 or "@" not in listed[0].address:
            defects.add(ODD)
        if any("@" in mailbox.name for mailbox in listed):
            defects.add(IN_NAME)
        yield from listed or _nameless(item)


def _items(text: str) -> Iterator[_Item]:
    item, depth = _Item(), 0
    for token in _TOKEN.finditer(text):
        mark = token["mark"]
        if mark and mark in "()":
            depth = max(0, depth + (1 if mark == "(" else -1))
            item.comments += [""] if mark == "(" and depth == 1 else []
        elif depth:
            item.comments[-1] += token["quoted"] or token[0]
        elif mark and mark in ",;":
            yield from _complete(item)
            item = _Item()
        elif mark == ":" and "@" not in item.text and not item.angles:
            item = _Item()  # the name of a group, RFC 5322 3.4
        else:
            _add(item, token)
    item.words += item.comments if depth else []
    yield from _complete(item)


def _add(item: _Item, token: re.Match[str]) -> None:
    quoted, item.last_quoted = item.last_quoted, ""
    if token["angle"] is not None:
        item.angles.append(token["angle"])
    elif token["quoted"] is not None:
        item.words.append(_QUOTED_PAIR.sub(r"\1", token["quoted"]))
        item.last_quoted = token[0]
    elif quoted and token[0].startswith("@"):
        item.words.pop()
        item.angles.append(quoted + token[0].rstrip())  # "a local part"@example.org
    else:
        item.words.append(token[0])


def _complete(item: _Item) -> Iterator[_Item]:
    if item.text.strip("<>") or any(angle.strip() for angle in item.angles):
        yield item


def _mailboxes(item: _Item) -> Iterator[Address]:
    """The mailboxes of one member of the list: one, unless it is written oddly."""
    in_angles = [angle for angle in item.angles if "@" in angle] or item.angles[-1:]
    if in_angles:
        yield from (_mailbox(item.text, angle) for angle in in_angles if angle.strip())
        return
    words = item.text.split()
    comment = item.comments[-1] if item.comments else ""
    with_at = [word for word in words if "@" in word and not word.startswith("=?")]
    if with_at:
        rest = " ".join(word for word in words if word not in with_at)
        yield from (_mailbox(rest or comment, word) for word in with_at)
    elif comment and len(words) == 1 and not words[0].startswith("=?"):
        yield _mailbox(comment, words[0])  # MAILER-DAEMON (Mail Delivery System)


def _nameless(item: _Item) -> Iterator[Address]:
    """A name without any address is still a name."""
    name = _name(item.text)
    if name:
        yield Address(name, "")


def _mailbox(name: str, address: str) -> Address:
    address = address.rpartition(":")[2] if address.lstrip().startswith("@") else address
    address = address.removeprefix("mailto:").strip(" \t<>")
    plain = decode_words(address if '"' in address else "".join(address.split()))[:MAX_ADDRESS]
    shown = _name(name)
    return Address("" if shown.lower() == plain.lower() else shown, plain)


def _name(text: str) -> str:
    name = " ".join(decode_words(text).split())
    while len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name[:MAX_NAME]
