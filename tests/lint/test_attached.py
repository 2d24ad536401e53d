from __future__ import annotations

import struct
import zlib

import pytest

from policies.lint.attached import read_attached
from policies.lint.draft import Draft
from tests.lint.letters import findings, letter_with, mail_from
from tests.lint.packed import docx, zipped


def exif(tag: int, text: bytes) -> bytes:
    tiff = (
        b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", tag, 2, len(text), 26) + struct.pack("<I", 0) + text
    )
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xd9"


PDF = b"%%PDF-1.4\n1 0 obj<< /Title (Notes) /Author (%s) >>endobj\n%%%%EOF"
HIDDEN = zlib.compress(b"1 0 << /Author (Mirela Oprea) >>")
OBJECTS = b"%PDF-1.5\n2 0 obj<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + HIDDEN + b"\nendstream endobj"
PAGE = b"%PDF-1.4\n3 0 obj<< /Length 40 >>\nstream\nBT [(Mir) -20 (ela) -400 (Oprea)] TJ ET\nendstream endobj"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Oprea;Mirela;;;\r\nEND:VCARD\r\n"
EVENT = "BEGIN:VCALENDAR\r\nATTENDEE:mailto:mirela.op\r\n rea@post.example\r\nEND:VCALENDAR\r\n"
RUNS = "<w:document><w:p><w:r><w:t>Mire</w:t></w:r><w:r><w:t>la Oprea</w:t></w:r></w:p></w:document>"
COMMENT = '<w:document><w:comment w:author="Mirela Oprea"/></w:document>'
META = "<dc:creator>Mirela Oprea</dc:creator>"
ODT: dict[str, str | bytes] = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": "<text:p>Hello</text:p>",
    "meta.xml": META,
}


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("statement_mirela_oprea.pdf", "application/pdf", b"%PDF-1.4"),
        ("Опря_Мирела.pdf", "application/pdf", b"%PDF-1.4"),
        ("notes.txt", "text/plain", b"miri_o was there"),
        ("notes.docx", "application/octet-stream", docx("<w:p/>", "Mirela Oprea")),
        ("notes.docx", "application/octet-stream", docx(RUNS)),
        ("notes.docx", "application/octet-stream", docx(COMMENT)),
        (
            "notes.odt",
            "application/octet-stream",
            zipped(**ODT),
        ),
        ("notes.pdf", "application/pdf", PDF % b"Mirela Oprea"),
        ("notes.pdf", "application/pdf", PDF % "Mirela Oprea".encode("utf-16")),
        ("notes.pdf", "application/pdf", OBJECTS),
        ("notes.pdf", "application/pdf", PAGE),
        ("photo.jpg", "image/jpeg", exif(0x013B, b"Mirela Oprea\0")),
        ("photo.jpg", "image/jpeg", exif(0x9C9D, "Mirela Oprea".encode("utf-16-le"))),
        ("who.vcf", "text/vcard", CARD.encode()),
        ("when.ics", "text/calendar", EVENT.encode()),
        ("all.zip", "application/zip", zipped(inner=zipped(deep="seen by Mirela"))),
        ("all.zip", "application/zip", zipped(oprea_mirela="x")),
        ("page.html", "text/html", b'<p>x</p><a href="mailto:mirela.oprea@post.example">y</a>'),
        ("old.eml", "application/octet-stream", mail_from("reporter", "hi")),
        ("notes.rtf", "application/rtf", rb"{\rtf1 Mirela\par Oprea}"),
    ],
)
def test_the_reporter_in_a_file(name: str, kind: str, content: bytes) -> None:
    said = findings(letter_with("organiser", name, kind, content))
    assert "reporter-attached" in {each.rule for each in said}
    assert "reporter-attached" not in {each.rule for each in findings(letter_with("member", name, kind, content))}


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("notes.pdf", "application/pdf", PDF % b"Ines Faro"),
        ("notes.docx", "application/octet-stream", docx("<w:p><w:t>Summary</w:t></w:p>", "Ines Faro")),
        ("photo.jpg", "image/jpeg", exif(0x013B, b"Ben Adler\0")),
    ],
)
def test_a_clean_file(name: str, kind: str, content: bytes) -> None:
    assert not findings(letter_with("organiser", name, kind, content))


def test_what_cannot_be_read_is_named() -> None:
    bomb = zipped(a=b"\0" * 60_000_000)
    nested = zipped(a=zipped(b=zipped(c=zipped(d="x"))))
    for content in (bomb, nested, b"PK\x03\x04 torn", b"7z\xbc\xaf'\x1c rest"):
        (file,) = read_attached(Draft(letter_with("organiser", "all.zip", "application/zip", content)))
        assert file.unreadable


def test_a_file_of_the_report_under_another_name() -> None:
    picture = exif(0x0110, b"Camera\0") + bytes(range(256)) * 40
    report = letter_with("member", "IMG_7.jpg", "image/jpeg", picture).replace(
        b"From: Olu Adeyemi <olu@kreis.example>", b"From: Mirela Oprea <mirela.oprea@post.example>"
    )
    said = findings(letter_with("organiser", "garden.jpg", "image/jpeg", picture), [report])
    assert [(each.rule, each.place) for each in said] == [("content-forwarded", "attachment")]
