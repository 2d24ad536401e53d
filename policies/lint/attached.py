"""What the files of a mail say, inside and about themselves: names, words, properties, attached mails, archives.

Everything is read in memory and within bounds; what cannot be read is named, never taken for clean.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Final

from policies.lint.archives import DEPTH_LIMIT, Budget, Entry, is_tar, is_zip, read_gzip, read_tar, read_zip
from policies.lint.displayed import MOST_LINES
from policies.lint.draft import Draft
from policies.lint.fields import decode
from policies.lint.mime import Part
from policies.values import value

_TEXT_LIMIT: Final = 4_000_000
_LOGO_BYTES: Final = 10_000
_MAIL_DEPTH: Final = 20
_FOLDED_LINES: Final = ("text/calendar", "text/vcard", "text/x-vcard", "text/directory")
_MARKUP: Final = (".html", ".htm", ".xhtml", ".xml", ".svg", ".rdf", ".fodt", ".gpx", ".kml")
_TEXTS: Final = (
    ".txt", ".csv", ".tsv", ".md", ".rst", ".log", ".json", ".yaml", ".yml", ".toml", ".ini", ".tex", ".srt", ".vtt",
    ".mbox", ".py", ".js", ".css", ".org", ".adoc", ".asc", ".ics", ".vcf",
)  # fmt: skip
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNREADABLE: Final = (b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd", b"MSCF")


class Kind(Enum):
    """What a piece of a file is: a file name, or words."""

    NAME = "name"
    TEXT = "text"


@value
class FileText:
    """Words of a file and where in it they stand (``From``, ``properties``, a file inside)."""

    kind: Kind
    where: str
    text: str

    def __repr__(self) -> str:
        """How much."""
        return f"FileText({self.kind.value}, {len(self.text)})"


class Attached:
    """A part that is no displayed text, read: ``name`` for messages, its words, digests, and the mails in it.

    ``unreadable`` names what could not be opened, ``is_logo`` a small picture that belongs to the HTML.
    """

    def __init__(self) -> None:
        self.name = ""
        self.texts: list[FileText] = []
        self.digests: list[str] = []
        self.mails: list[Draft] = []
        self.unreadable: list[str] = []
        self.is_logo = False

    def __repr__(self) -> str:
        """How much there is."""
        return f"Attached({len(self.texts)} texts, {len(self.mails)} mails)"

    @property
    def words(self) -> Iterator[str]:
        """Every text that is no name."""
        return (each.text for each in self.texts if each.kind is Kind.TEXT)


def read_attached(mail: Draft, budget: Budget | None = None) -> tuple[Attached, ...]:
    """Every attached part of a mail, read.  Never raises."""
    room = budget or Budget()
    return tuple(_Reader(room).read(part) for part in mail.attachments)


class _Reader:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.found = Attached()

    def read(self, part: Part) -> Attached:
        name = part.filename or part.type
        self.found.name = name
        for each in (*part.filenames, part.header.text("Content-Description"), _id_of(part)):
            if each:
                self._add(Kind.NAME, "", each)
        if part.type in {"message/rfc822", "message/global"}:
            self._mail(part.content, 0)
            return self.found
        content = part.content
        is_picture = part.type.startswith("image/")
        self.found.is_logo = is_picture and bool(_id_of(part)) and len(content) < _LOGO_BYTES
        if content:
            self.found.digests.append(_digest(content))
        declared = part.parameter("charset")
        if part.type.startswith("text/") and part.type != "text/html":
            self._plain("", part.type, part.text[0] if declared else _text(content))
        else:
            self._file(part.filename, part.type, content, 0)
        return self.found

    def _add(self, kind: Kind, where: str, text: str) -> None:
        room = self.budget.letters
        if len(text) > room:
            self.found.unreadable.append(where or self.found.name)
        if text.strip():
            self.found.texts.append(FileText(kind, where, text[: max(0, room)]))
            self.budget.letters = max(0, room - len(text))

    def _plain(self, where: str, kind: str, text: str) -> None:
        if kind in _FOLDED_LINES or where.casefold().endswith((".ics", ".vcf")) or text.startswith("BEGIN:VC"):
            # RFC 5545 3.1 and RFC 6350 3.2: a line end and a blank mean nothing; vCard 2.1 has quoted-printable.
            text = text.replace("\r\n", "\n").replace("=\n", "").replace("\n ", "").replace("\n\t", "")
            text = f"{text.replace(';', ' ')}\n{_unquoted_printable(text)}"
        self._add(Kind.TEXT, where, text)

    def _file(self, name: str, kind: str, content: bytes, depth: int) -> None:
        """One file, by what it is rather than by what it calls itself."""
        lowered = name.casefold()
        if is_zip(content):
            self._zip(name, content, depth)
        elif content.startswith(b"\x1f\x8b"):
            self._gzip(name, content, depth)
        elif is_tar(content):
            self._entries(name, read_tar(content), depth)
        elif content.startswith(_UNREADABLE):
            self.found.unreadable.append(name or kind)
        elif lowered.endswith(".eml") or kind == "message/rfc822":
            self._mail(content, depth)
        else:
            self._document(name, kind, content)

    def _document(self, name: str, kind: str, content: bytes) -> None:
        # Imported where needed: most drafts have no file, and the hook's time is a person's time.
        from policies.lint import documents, pictures  # noqa: PLC0415

        lowered = name.casefold()
        where = name if name != self.found.name else ""
        if b"%PDF-" in content[:1024]:
            for place, text in documents.pdf_texts(content, self.budget):
                self._add(Kind.TEXT, _inside(where, place), text)
        elif content.startswith(b"{\\rtf"):
            self._add(Kind.TEXT, where, documents.rtf_text(content))
        elif content.startswith(_OLE):
            self._search(where, content)
        elif (kind.startswith("image/") and kind != "image/svg+xml") or _is_picture(content):
            for place, text in pictures.picture_texts(content, self.budget):
                self._add(Kind.TEXT, _inside(where, place), text)
        elif lowered.endswith(_MARKUP) or kind in {"text/html", "image/svg+xml"} or kind.endswith("xml"):
            self._markup(where, content)
        elif kind.startswith("text/") or lowered.endswith(_TEXTS) or _reads_as_text(content):
            self._plain(where or lowered, kind, _text(content))
        else:
            for text in documents.xmp_texts(content):
                self._add(Kind.TEXT, where, text)
            self._search(where, content)

    def _search(self, where: str, content: bytes) -> None:
        """What reads like text in a file of unknown form."""
        from policies.lint import documents  # noqa: PLC0415

        if self.budget.searched <= 0:
            self.found.unreadable.append(where or self.found.name)
            return
        self.budget.searched -= len(content)
        self._add(Kind.TEXT, where, documents.printable_text(content))

    def _markup(self, where: str, content: bytes) -> None:
        from policies.lint.html import read_html  # noqa: PLC0415

        text = _text(content)
        shown, targets, is_whole = read_html(text[:_TEXT_LIMIT], MOST_LINES)
        if not is_whole or len(text) > _TEXT_LIMIT:
            self.found.unreadable.append(where or self.found.name)
        self._add(Kind.TEXT, where, "\n".join(line.text for line in shown))
        self._add(Kind.TEXT, where, "\n".join(target.value for target in targets))

    def _zip(self, name: str, content: bytes, depth: int) -> None:
        entries = list(read_zip(content, self.budget))
        names = {entry.name for entry in entries}
        if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
            self._office(name, entries, depth)
        else:
            self._entries(name, entries, depth)

    def _office(self, name: str, entries: Sequence[Entry], depth: int) -> None:
        from policies.lint import documents  # noqa: PLC0415

        where = name if name != self.found.name else ""
        for entry in entries:
            inner, content = entry.name, entry.content
            if content is None:
                self.found.unreadable.append(_inside(name, inner))
            elif documents.is_word_part(inner):
                is_about = documents.is_properties(inner)
                text = documents.markup_text(content, is_properties=is_about)
                self._add(Kind.TEXT, _inside(where, inner), text)
            elif "/media/" in f"/{inner}" or "pictures/" in inner.casefold() or "embeddings/" in inner:
                self.found.digests.append(_digest(content))
                self._nested(inner, content, depth)

    def _entries(self, name: str, entries: Iterable[Entry], depth: int) -> None:
        for entry in entries:
            inner, content = entry.name, entry.content
            self._add(Kind.NAME, _inside(name, inner), inner)
            if content is None:
                self.found.unreadable.append(_inside(name, inner))
                continue
            self.found.digests.append(_digest(content))
            self._nested(inner, content, depth)

    def _nested(self, name: str, content: bytes, depth: int) -> None:
        is_packed = is_zip(content) or content.startswith(b"\x1f\x8b") or is_tar(content)
        if depth + 1 >= DEPTH_LIMIT and is_packed:
            self.found.unreadable.append(name)
        else:
            self._file(name, "", content, depth + 1)

    def _gzip(self, name: str, content: bytes, depth: int) -> None:
        plain = read_gzip(content, self.budget)
        if plain is None:
            self.found.unreadable.append(name)
        else:
            self._nested(name.removesuffix(".gz").removesuffix(".tgz"), plain, depth)

    def _mail(self, content: bytes, depth: int) -> None:
        """An attached mail: every header, the texts that are shown, and its own files."""
        mail = Draft(content)
        self.found.mails.append(mail)
        for field in mail.header.fields:
            self._add(Kind.TEXT, field.name, field.text)
        for text in mail.texts:
            self._add(Kind.TEXT, "text", "\n".join(line.text for line in text.lines))
            self._add(Kind.TEXT, "link", "\n".join(hidden.value for hidden in text.hidden))
        if mail.is_opaque:
            self.found.unreadable.append(mail.subject or self.found.name)
        if depth >= _MAIL_DEPTH:
            self.found.unreadable.append(self.found.name)
            return
        for part in mail.attachments:
            for each in part.filenames:
                self._add(Kind.NAME, "", each)
            content = part.content
            if part.type in {"message/rfc822", "message/global"}:
                self._mail(content, depth + 1)
                continue
            if content:
                self.found.digests.append(_digest(content))
            self._file(part.filename, part.type, content, 0)


def _digest(content: bytes) -> str:
    import hashlib  # noqa: PLC0415 - OpenSSL takes as long to load as ten of our modules; most drafts have no file

    return hashlib.sha256(content).hexdigest()


def _id_of(part: Part) -> str:
    return part.header.text("Content-ID").strip("<> ")


def _inside(outer: str, inner: str) -> str:
    return f"{outer}/{inner}" if outer and inner else outer or inner


def _text(content: bytes) -> str:
    for charset in ("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "cp1252"):
        found = decode(content, charset)
        if found is not None:
            return found
    return content.decode("latin-1")


def _reads_as_text(content: bytes) -> bool:
    head = content[:2000]
    return b"\0" not in head and sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) == 0  # noqa: PLR2004


def _is_picture(content: bytes) -> bool:
    return content.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")) or (
        content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    )


def _unquoted_printable(text: str) -> str:
    if "=" not in text:
        return ""
    return binascii.a2b_qp(text.encode("utf-8")).decode("utf-8", "replace")
