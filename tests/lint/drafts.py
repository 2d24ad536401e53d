"""Drafts in the shapes, charsets and transfer encodings of real mail programs, built byte by byte for the tests."""

from __future__ import annotations

import base64
import dataclasses
import quopri
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from ingest.wording import read_wording
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.verdict import Verdict

TODAY = date(2026, 5, 4)
CONDUCT = "conduct@meadow.example"
ROSTER: dict[str, Any] = {
    "conduct": [CONDUCT],
    "members": [
        {"name": "Ines Duarte", "addresses": ["ines@meadow.example"], "nicknames": []},
        {"name": "Bo Lindholm", "addresses": ["bo@meadow.example"], "nicknames": ["Bosse"]},
    ],
    "organisers": [{"name": "Rita Vogel", "addresses": ["rita@fair.example"], "nicknames": []}],
}
PNG = bytes(range(256)) * 3


@dataclasses.dataclass(frozen=True)
class Shape:
    """How a draft is written down."""

    structure: str = "plain"
    charset: str = "utf-8"
    encoding: str = "8bit"
    line_end: bytes = b"\n"
    width: int = 76
    mark: bytes = b""
    is_flowed: bool = False
    html_head: str = "<html><head><style>p {color: red}</style></head><body class='x'>"


def answered(to: Sequence[str], cc: Sequence[str] = ()) -> Draft:
    """The mail that the drafts answer, written by Rita."""
    return Draft(
        (
            "From: Rita Vogel <rita@fair.example>\r\n"
            f"To: {', '.join([CONDUCT, *to])}\r\n"
            + (f"Cc: {', '.join(cc)}\r\n" if cc else "")
            + "Subject: A question\r\nDate: Mon, 4 May 2026 08:00:00 +0000\r\nMessage-ID: <q@fair.example>\r\n"
            "\r\nMay we ask something?\r\n"
        ).encode()
    )


def head(to: Sequence[str], cc: str | None, shape: Shape, *, further: Sequence[str] = ()) -> bytes:
    """The header of a draft, without the fields of its content."""
    lines = ["From: Ines Duarte <ines@meadow.example>", f"To: {', '.join(to)}"]
    lines += [f"Cc:{cc}"] if cc is not None else []
    lines += ["Subject: Re: A question", "Date: Mon, 4 May 2026 09:00:00 +0000", "In-Reply-To: <q@fair.example>"]
    return b"".join(line.encode() + shape.line_end for line in [*lines, "MIME-Version: 1.0", *further])


def leaf(text: str, kind: str, shape: Shape) -> bytes:
    """One text part: its header fields, the empty line, its body."""
    content = text.replace("\n", shape.line_end.decode()).encode(shape.charset)
    fields = f"Content-Type: text/{kind}; charset={shape.charset}"
    fields += "; format=flowed" if shape.is_flowed and kind == "plain" else ""
    coded = transferred(shape.mark + content, shape)
    head_ = fields.encode() + shape.line_end + b"Content-Transfer-Encoding: " + shape.encoding.encode()
    return head_ + shape.line_end * 2 + coded


def transferred(content: bytes, shape: Shape) -> bytes:
    """The content in the shape's transfer encoding."""
    if shape.encoding == "base64":
        packed = base64.b64encode(content)
        lines = [packed[at : at + shape.width] for at in range(0, len(packed), shape.width)]
        return shape.line_end.join(lines) + shape.line_end
    if shape.encoding == "quoted-printable":
        plain = quopri.encodestring(content.replace(b"\r\n", b"\n"))
        return plain.replace(b"\n", shape.line_end)
    return content


def file_part(name: str, content: bytes, shape: Shape, *, content_id: str = "") -> bytes:
    """An attached file."""
    own = dataclasses.replace(shape, encoding="base64")
    lines = [
        f'Content-Type: application/octet-stream; name="{name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: {"inline" if content_id else "attachment"}; filename="{name}"',
        *([f"Content-ID: <{content_id}>"] if content_id else []),
    ]
    return b"".join(line.encode() + shape.line_end for line in lines) + shape.line_end + transferred(content, own)


def multipart(kind: str, boundary: str, parts: Sequence[bytes], shape: Shape) -> bytes:
    """Parts between boundaries, with words before and after that no program shows."""
    end = shape.line_end
    fence = b"--" + boundary.encode()
    body = b"not shown" + end + b"".join(fence + end + part + end for part in parts) + fence + b"--" + end + b"nor this"
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode() + end * 2 + body


def draft(header: bytes, plain: str, html: str, shape: Shape) -> bytes:
    """The whole draft; ``plain`` and ``html`` are the two versions of its text."""
    whole = shape.html_head + html + ("</body></html>" if "<body" in shape.html_head else "")
    text, rich = leaf(plain, "plain", shape), leaf(whole, "html", shape)
    both = multipart("alternative", "alt", [text, rich], shape)
    picture = file_part("logo.png", PNG, shape, content_id="logo@x")
    related = multipart("related", "rel", [rich, picture], shape)
    body = {
        "plain": text,
        "html": rich,
        "alternative": both,
        "mixed": multipart("mixed", "mix", [text, file_part("a.pdf", PNG, shape)], shape),
        "rich mixed": multipart(
            "mixed", "mix", [both, file_part("a.pdf", PNG, shape), file_part("b", PNG, shape)], shape
        ),
        "apple": multipart("alternative", "alt", [text, related], shape),
    }[shape.structure]
    return header + body


def html_of(lines: Sequence[str]) -> str:
    """Lines of text as an HTML program writes them."""
    return "\n".join(f"<p>{escape(line, quote=False) or '<br>'}</p>" for line in lines)


def look_with(stored: Draft, **case: Any) -> Any:
    """The check of a draft against one earlier mail, as ``--fix`` asks for it."""
    context = parse_context({**ROSTER, **case})
    wording = Settings(wording=read_wording())

    def look(raw: bytes) -> tuple[Checked, Verdict]:
        checked = Checked(Draft(raw), context, [Stored(stored, Via.CONDUCT)], TODAY, settings=wording)
        return checked, check(checked)

    return look
