"""Which parts of a mail are its text, and that text as a mail program displays it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence

from ingest import parse_charset, parse_display
from ingest.parse_tree import Leaf
from policies.mail import Attachment

DIFFER = "alternatives-differ"
CUT = parse_display.CUT
ALL = frozenset({DIFFER, CUT, parse_display.HIDDEN, parse_charset.GUESSED, parse_charset.REPLACED})

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_METHOD = re.compile(r"^METHOD:([A-Za-z]{1,20})", re.MULTILINE)
_UNSHOWN = frozenset(
    {
        "text/calendar",
        "text/rfc822-headers",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/css",
        "text/x-amp-html",
    }
)
_STUB_LENGTH = 300
_STUB_RATIO = 4
_FLOWED_QUOTE = re.compile(r">*")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Content:
    """What the parts amount to."""

    text: str
    attachments: tuple[Attachment, ...]
    calendar_method: str

    def __repr__(self) -> str:
        """How much."""
        return f"Content({len(self.text)} characters)"


def content(leaves: Sequence[Leaf], limit: int, defects: set[str]) -> Content:
    """Text (at most ``limit`` bytes as UTF-8), attachments by name and type, and a calendar's METHOD."""
    shown = [leaf for leaf in leaves if _is_shown(leaf)]
    text = _joined(_choose(shown, defects))
    if not text.strip():
        text = _joined(_last_resort(leaves, defects))
    attached = [leaf for leaf in leaves if not _is_shown(leaf) or leaf.filename]
    attachments = tuple(Attachment(leaf.filename, leaf.kind) for leaf in attached if leaf.kind != "text/rfc822-headers")
    return Content(bounded(text, limit, defects), attachments, _calendar_method(leaves))


def bounded(text: str, limit: int, defects: set[str]) -> str:
    """The text cut to so many bytes of UTF-8."""
    if len(text) * 3 <= limit or len(text.encode()) <= limit:
        return text
    defects.add(CUT)
    return text.encode()[:limit].decode("utf-8", "ignore")


def _is_shown(leaf: Leaf) -> bool:
    """Whether a mail program shows this part between the others."""
    is_text = leaf.kind.startswith(("text/", "multipart/")) and leaf.kind not in _UNSHOWN
    return is_text and leaf.disposition != "attachment" and (not leaf.filename or leaf.disposition == "inline")


def _choose(shown: Sequence[Leaf], defects: set[str]) -> Iterable[str]:
    """Every text in order; of alternatives the plain one, unless that is empty or only a stub."""
    plain = {id(leaf): leaf_text(leaf, defects) for leaf in shown if leaf.kind != "text/html"}
    told: dict[int, int] = {}
    for leaf in shown:
        for number in leaf.alternatives:
            told[number] = told.get(number, 0) + len(plain.get(id(leaf), "").strip())
    for leaf in shown:
        if id(leaf) in plain:
            yield plain[id(leaf)]
            continue
        plainly_told = max((told[number] for number in leaf.alternatives), default=0)
        if plainly_told <= _STUB_LENGTH:
            text = leaf_text(leaf, defects)
            if plainly_told and len(text.strip()) > plainly_told * _STUB_RATIO:
                defects.add(DIFFER)
                yield text
            elif not plainly_told:
                yield text


def _last_resort(leaves: Sequence[Leaf], defects: set[str]) -> Iterable[str]:
    """Where nothing is shown: named texts, then any text at all."""
    for kinds in (("text/plain",), ("text/html",), ("text/", "multipart/")):
        texts = [leaf_text(leaf, defects) for leaf in leaves if leaf.kind.startswith(kinds)]
        if any(text.strip() for text in texts):
            return texts
    return ()


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def leaf_text(leaf: Leaf, defects: set[str]) -> str:
    """One text part, decoded, as plain text."""
    raw = leaf.content(defects)
    is_html = leaf.kind == "text/html"
    declared = leaf.charset
    if is_html and not declared and (meta := _META_CHARSET.search(raw[:2048])):
        declared = meta[1].decode("ascii")
    text, defect = parse_charset.decode(raw, declared)
    defects.update({defect} - {""})
    text = parse_charset.printable_lines(text)
    if is_html:
        text, found = parse_display.html_to_text(text)
        defects |= found
        return text
    if leaf.parameters["format"].lower() == "flowed":
        return unflow(text, deletes_space=leaf.parameters["delsp"].lower() == "yes")
    return text


def unflow(text: str, *, deletes_space: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 4.2), quote depth by quote depth.

    >>> unflow("> one \\n> two\\n three \\nfour", deletes_space=False)
    '> one two\\nthree four'
    """
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(_FLOWED_QUOTE.match(line)[0])  # type: ignore[index]  # matches the empty string as well
        rest = line[depth:].removeprefix(" ")
        is_soft = rest.endswith(" ") and rest != "-- "
        piece = rest[:-1] if is_soft and deletes_space else rest
        if depth == open_depth and rest != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([">" * depth + " " * (depth > 0), piece])
        open_depth = depth if is_soft else -1
    return "\n".join("".join(pieces) for pieces in lines)


def _calendar_method(leaves: Iterable[Leaf]) -> str:
    """What an invitation wants (RFC 5546 1.4): from the part's parameter, else from the calendar itself.

    An invitation that somebody attached to what she wrote makes no invitation of her mail.
    """
    for leaf in leaves:
        if leaf.kind == "text/calendar" and leaf.disposition != "attachment":
            found = _METHOD.search(parse_charset.printable_lines(parse_charset.decode(leaf.content(set()))[0]))
            return (leaf.parameters["method"] or (found[1] if found else "PUBLISH")).upper()[:20]
    return ""
