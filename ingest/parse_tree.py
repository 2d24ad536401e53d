"""The parts of a mail: its leaves in order, the mails attached to it, what a delivery report says of itself.

The structure is the standard library's (its compat32 parser, never ``policy.default``, which takes minutes on long
headers); it is walked without recursion, and mails built to be expensive are not given to it at all.
"""

from __future__ import annotations

import dataclasses
import email
import email.utils
import re
from email.message import Message as Part

from ingest import parse_charset
from ingest.parse_headers import Headers
from ingest.parse_words import decode_words

BROKEN_STRUCTURE = "broken-structure"
BROKEN_ENCODING = "broken-encoding"
TOO_NESTED = "nested-too-deep"
TOO_MANY_PARTS = "parts-cut"
ALL = frozenset({BROKEN_STRUCTURE, BROKEN_ENCODING, TOO_NESTED, TOO_MANY_PARTS})

MAX_CONTAINERS = 100
MAX_PARTS = 1000
MAX_BOUNDARY_LINES = 20_000
MAX_WORK = 5_000_000
MAX_FILENAME = 255

_CONTAINER = re.compile(rb"^content-type[ \t]*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MIME_FIELDS = ("content-type", "content-disposition", "content-transfer-encoding")
_ATTACHED_MAIL = frozenset({"message/rfc822", "message/global", "message/news"})
_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Leaf:
    """One part that holds content; ``alternatives`` are the numbers of the multipart/alternative it stands in."""

    part: Part
    kind: str
    filename: str
    disposition: str
    charset: str
    alternatives: tuple[int, ...]
    parameters: dict[str, str]

    def __repr__(self) -> str:
        """What kind of part."""
        return f"Leaf({self.kind})"

    def content(self, defects: set[str]) -> bytes:
        """The bytes behind the transfer encoding."""
        raw = self.part.get_payload(decode=True)
        _note_defects(self.part, defects)
        return raw if isinstance(raw, bytes) else b""


@dataclasses.dataclass(slots=True, repr=False)
class Tree:
    """What was found, in order; ``root`` is for those who read the standard library's form."""

    root: Part
    leaves: list[Leaf] = dataclasses.field(default_factory=list)
    attached: list[Part] = dataclasses.field(default_factory=list)
    reports: list[Part] = dataclasses.field(default_factory=list)

    def __repr__(self) -> str:
        """How many parts."""
        return f"Tree({len(self.leaves)} leaves)"


def build(headers: Headers, body: bytes, defects: set[str]) -> Part:
    """The standard library's message of a header and a body; flat, where the structure is meant to be expensive."""
    block = b"".join(b"%s: %s\n" % (name.encode(), value) for name, value in headers.fields)
    containers = len(_CONTAINER.findall(body)) + 1
    is_cheap = containers <= MAX_CONTAINERS and containers * body.count(b"\n") <= MAX_WORK
    if is_cheap and body.count(b"\n--") <= MAX_BOUNDARY_LINES:
        return email.message_from_bytes(block + b"\n" + body)
    defects.add(TOO_NESTED)
    flat = email.message_from_bytes(re.sub(rb"(?im)^content-[^\n]*\n(?:[ \t][^\n]*\n)*", b"", block) + b"\n")
    flat.set_payload(body.decode("ascii", "surrogateescape"))
    return flat


def walk(root: Part, defects: set[str]) -> Tree:
    """Every part, depth first, in the order in which it was written."""
    tree = Tree(root)
    waiting: list[tuple[Part, tuple[int, ...]]] = [(root, ())]
    seen = 0
    while waiting:
        part, alternatives = waiting.pop()
        seen += 1
        if seen > MAX_PARTS:
            defects.add(TOO_MANY_PARTS)
            break
        kind, payload = part.get_content_type(), part.get_payload()
        _note_defects(part, defects)
        if not isinstance(payload, list):
            tree.leaves.append(_leaf(part, kind, alternatives))
        elif kind.startswith("multipart/"):
            alternatives += (seen,) if kind == "multipart/alternative" else ()
            waiting += [(child, alternatives) for child in reversed(payload) if isinstance(child, Part)]
        else:
            _attach(tree, part, kind)
    return tree


def _attach(tree: Tree, part: Part, kind: str) -> None:
    """A part of type message/*, in which the parser has already read what it holds."""
    children = [child for child in part.get_payload() if isinstance(child, Part)]
    if kind in _REPORTS:
        tree.reports += children
    elif kind in _ATTACHED_MAIL and children:
        tree.attached.append(_decoded_mail(part, children[0]))
    elif kind != "message/disposition-notification":
        tree.leaves.append(_leaf(part, kind, ()))


def _decoded_mail(part: Part, child: Part) -> Part:
    """An attached mail; RFC 2046 5.2.1 forbids to encode it, some programs do."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding not in {"base64", "quoted-printable"} or child.is_multipart():
        return child
    child["Content-Transfer-Encoding"] = encoding
    raw = child.get_payload(decode=True)
    is_safe = isinstance(raw, bytes) and len(_CONTAINER.findall(raw)) <= MAX_CONTAINERS
    return email.message_from_bytes(raw) if is_safe and isinstance(raw, bytes) else child


def headers_of(part: Part) -> Headers:
    """The header of an attached mail, as the parser split it."""
    fields = ((name.lower(), value) for name, value in part.raw_items())
    return Headers(tuple((name, str(value).encode("utf-8", "surrogateescape")) for name, value in fields))


def _leaf(part: Part, kind: str, alternatives: tuple[int, ...]) -> Leaf:
    view = _readable_view(part)
    parameters = {name.lower(): _parameter(view, name) for name in ("format", "delsp", "method", "charset")}
    disposition = str(view.get("content-disposition", "")).partition(";")[0].strip().lower()
    return Leaf(part, kind, _filename(view), disposition, parameters["charset"], alternatives, parameters)


def _readable_view(part: Part) -> Part:
    """The MIME fields alone with their raw 8-bit letters read: the parser would show them as question marks."""
    view = Part()
    for name, value in part.raw_items():
        if name.lower() in _MIME_FIELDS and name not in view:
            raw = str(value).encode("utf-8", "surrogateescape")
            view[name] = str(value) if raw.isascii() else parse_charset.decode(raw)[0]
    return view


def _parameter(view: Part, name: str, header: str = "content-type") -> str:
    """One parameter, RFC 2231 or plain; empty where it is absent or beyond reading."""
    try:
        value = view.get_param(name, "", header)
        return email.utils.collapse_rfc2231_value(value) if value else ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _filename(view: Part) -> str:
    name = _parameter(view, "filename", "content-disposition") or _parameter(view, "name")
    return decode_words(parse_charset.printable_lines(name).replace("\n", " "))[:MAX_FILENAME]


def _note_defects(part: Part, defects: set[str]) -> None:
    for defect in part.defects:
        is_base64 = "Base64" in type(defect).__name__
        defects.add(BROKEN_ENCODING if is_base64 else BROKEN_STRUCTURE)
