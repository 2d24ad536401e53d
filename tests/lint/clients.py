"""Drafts as nine mail programs write them: how each wraps, quotes, names languages, encodes, and builds its HTML."""

from __future__ import annotations

import base64
import dataclasses
import quopri
import textwrap
from collections.abc import Callable, Mapping, Sequence
from email.header import Header
from html import escape
from typing import Final

Paragraphs = Sequence[str]

# {who} is the writer of the mail answered with the address, {name} without.
_GMAIL: Final = {
    "en": "On Mon, May 4, 2026 at 8:00 AM {who} wrote:",
    "de": "Am Mo., 4. Mai 2026 um 08:00 Uhr schrieb {who}:",
    "fr": "Le lun. 4 mai 2026 à 08:00, {who} a écrit :",
    "es": "El lun, 4 may 2026 a las 8:00, {who} escribió:",
    "it": "Il giorno lun 4 mag 2026 alle ore 08:00 {who} ha scritto:",
    "nl": "Op ma 4 mei 2026 om 08:00 schreef {who}:",
    "pt": "Em seg., 4 de mai. de 2026 às 08:00, {who} escreveu:",
    "ja": "2026年5月4日(月) 8:00 {who}:",
}
_APPLE: Final = {
    "en": "On 4 May 2026, at 08:00, {who} wrote:",
    "de": "Am 04.05.2026 um 08:00 schrieb {who}:",
    "fr": "Le 4 mai 2026 à 08:00, {who} a écrit :",
    "es": "El 4 may 2026, a las 8:00, {who} escribió:",
    "it": "Il giorno 4 mag 2026, alle ore 08:00, {who} ha scritto:",
    "nl": "Op 4 mei 2026, om 08:00 heeft {who} het volgende geschreven:",
    "pt": "No dia 4 de mai. de 2026, às 08:00, {who} escreveu:",
    "ja": "2026/05/04 8:00、{who}のメール:",
}
_THUNDERBIRD: Final = {
    "en": "On 04/05/2026 08:00, {name} wrote:",
    "de": "Am 04.05.26 um 08:00 schrieb {name}:",
    "fr": "Le 04/05/2026 à 08:00, {name} a écrit :",
    "es": "El 4/5/26 a las 8:00, {name} escribió:",
    "it": "Il 04/05/2026 08:00, {name} ha scritto:",
    "nl": "Op 04-05-2026 om 08:00 schreef {name}:",
    "pt": "Em 04/05/2026 08:00, {name} escreveu:",
    "ja": "On 2026/05/04 8:00, {name} wrote:",
}
_MUTT: Final = {"en": "On Mon, May 04, 2026 at 08:00:00AM +0000, {name} wrote:"}
_YAHOO: Final = {
    "en": "On Monday, May 4, 2026 at 08:00:00 AM GMT+2, {who} wrote:",
    "de": "Am Montag, 4. Mai 2026 um 08:00:00 MESZ hat {who} Folgendes geschrieben:",
    "fr": "Le lundi 4 mai 2026 à 08:00:00 UTC+2, {who} a écrit :",
    "es": "El lunes, 4 de mayo de 2026, 08:00:00 CEST, {who} escribió:",
}
_PROTON: Final = {
    "en": "On Monday, 4 May 2026 at 08:00, {who} wrote:",
    "de": "Am Montag, 4. Mai 2026 um 08:00, schrieb {who}:",
    "fr": "Le lundi 4 mai 2026 à 08:00, {who} a écrit :",
}
_K9: Final = {
    "en": "On 4 May 2026 08:00:00 CEST, {who} wrote:",
    "de": "Am 4. Mai 2026 08:00:00 MESZ schrieb {who}:",
    "fr": "Le 4 mai 2026 08:00:00 GMT+02:00, {who} a écrit :",
}
LABELS: Final = {
    "en": "From|Sent|To|Cc|Subject",
    "de": "Von|Gesendet|An|Cc|Betreff",
    "fr": "De|Envoyé|À|Cc|Objet",
    "es": "De|Enviado|Para|CC|Asunto",
    "it": "Da|Inviato|A|Cc|Oggetto",
    "nl": "Van|Verzonden|Aan|CC|Onderwerp",
    "pt": "De|Enviado|Para|Cc|Assunto",
    "ja": "差出人|送信日時|宛先|CC|件名",
}


@dataclasses.dataclass(frozen=True)
class Quoted:
    """The mail that a draft shows below its own text."""

    name: str
    address: str
    to: str
    cc: str
    subject: str
    lines: Paragraphs

    @property
    def who(self) -> str:
        """Name and address as an attribution writes them."""
        return f"{self.name} <{self.address}>"


@dataclasses.dataclass(frozen=True)
class Client:
    """A mail program: its texts (plain, HTML or both), what stands above a quote, the charset and encoding it takes.

    ``wrapped``: at which column it breaks lines, 0 for never; ``flowed``: as RFC 3676 has it, ``joined`` with DelSp.
    """

    attributions: Mapping[str, str]
    html: Callable[[Paragraphs, str, Quoted | None, str], str] | None
    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    has_plain: bool = True
    wrapped: int = 0
    flowed: bool = False
    joined: bool = False
    quotes: bool = True

    def above(self, quoted: Quoted, language: str) -> str:
        """The line above a quote."""
        text = self.attributions.get(language, self.attributions["en"])
        return text.format(who=quoted.who, name=quoted.name)


def _rows(lines: Paragraphs, tag: str) -> str:
    return "".join(f"<{tag}>{escape(line, quote=False) or '<br>'}</{tag.split(maxsplit=1)[0]}>" for line in lines)


def _gmail(own: Paragraphs, above: str, quoted: Quoted | None, _: str) -> str:
    below = f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{escape(above)}<br></div><blockquote class="'
    below += f'gmail_quote" style="margin:0 0 0 .8ex">{_rows(quoted.lines if quoted else (), "div")}</blockquote></div>'
    return f'<div dir="ltr">{_rows(own, "div")}</div>{"<br>" + below if quoted else ""}'


def _outlook(own: Paragraphs, _: str, quoted: Quoted | None, language: str) -> str:
    head = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0cm} --></style>'
    )
    text = f'{head}</head><body lang="EN-GB"><div class="WordSection1">{_rows(own, "p class=MsoNormal")}'
    if quoted:
        block = "<br>".join(
            f"<b>{label}</b> {escape(rest)}"
            for label, _, rest in (line.partition(" ") for line in _block(quoted, language))
        )
        text += f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{block}</p></div>'
        text += _rows(quoted.lines, "p class=MsoNormal")
    return text + "</div></body></html>"


def _apple(own: Paragraphs, above: str, quoted: Quoted | None, _: str) -> str:
    below = f'<div><br><blockquote type="cite"><div>{escape(above)}</div><br><div>'
    below += f"{_rows(quoted.lines if quoted else (), 'div')}</div></blockquote></div>"
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body style="x: y">'
    return f"{head}{_rows(own, 'div')}{below if quoted else ''}</body></html>"


def _yahoo(own: Paragraphs, above: str, quoted: Quoted | None, _: str) -> str:
    below = f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>{escape(above)}</div><div><br></div>'
    below += f"{_rows(quoted.lines if quoted else (), 'div')}</div></div>"
    text = f'<html><body><div class="ydp1yahoo-style-wrap">{_rows(own, "div dir=ltr")}</div>'
    return f"{text}{below if quoted else ''}</body></html>"


def _proton(own: Paragraphs, above: str, quoted: Quoted | None, _: str) -> str:
    below = f'<div class="protonmail_quote">{escape(above)}<br><br><blockquote class="protonmail_quote" type="cite">'
    below += f"{_rows(quoted.lines if quoted else (), 'p')}</blockquote><br></div>"
    return f"{_rows(own, 'div style=font-family:Arial')}{below if quoted else ''}"


def _thunderbird(own: Paragraphs, above: str, quoted: Quoted | None, _: str) -> str:
    below = f'<div class="moz-cite-prefix">{escape(above)}<br></div><blockquote type="cite" cite="mid:1@x">'
    below += f"{_rows(quoted.lines if quoted else (), 'p')}</blockquote>"
    return f"<!DOCTYPE html><html><body>{_rows(own, 'p')}{below if quoted else ''}</body></html>"


CLIENTS: Final[Mapping[str, Client]] = {
    "gmail": Client(_GMAIL, _gmail, wrapped=72),
    "outlook": Client(_GMAIL, _outlook, charset="windows-1252", quotes=False),
    "outlook-html": Client(_GMAIL, _outlook, encoding="base64", has_plain=False, quotes=False),
    "apple": Client(_APPLE, _apple),
    "thunderbird": Client(_THUNDERBIRD, None, encoding="8bit", wrapped=72, flowed=True),
    "thunderbird-html": Client(_THUNDERBIRD, _thunderbird, encoding="8bit", wrapped=72, flowed=True),
    "mutt": Client(_MUTT, None, charset="iso-8859-1", encoding="8bit", wrapped=72),
    "yahoo": Client(_YAHOO, _yahoo, encoding="base64", quotes=False),
    "proton": Client(_PROTON, _proton, encoding="base64"),
    "k9": Client(_K9, None, wrapped=66, flowed=True, joined=True),
}


def _block(quoted: Quoted, language: str) -> list[str]:
    said = (quoted.who, "Monday, 4 May 2026 08:00", quoted.to, quoted.cc, quoted.subject)
    return [f"{label}: {text}" for label, text in zip(LABELS[language].split("|"), said, strict=True) if text]


def plain_text(client: Client, own: Paragraphs, quoted: Quoted | None, language: str) -> str:
    """The text version."""
    lines = [piece for line in own for piece in _broken(client, line)]
    if quoted:
        above = client.above(quoted, language)
        if client.html is _outlook:
            lines += ["", *_block(quoted, language), "", *quoted.lines]
        elif client.quotes:
            lines += ["", *textwrap.wrap(above, client.wrapped or 1000), *(f"> {line}" for line in quoted.lines)]
        else:
            lines += ["", above, "", *(f"> {line}" for line in quoted.lines)]
    return "".join(f"{line}\r\n" for line in lines)


def _broken(client: Client, line: str) -> list[str]:
    """A paragraph in lines; a flowed one keeps the blank at each soft break, twice where DelSp takes one away."""
    if not client.wrapped or len(line) <= client.wrapped:
        return [_stuffed(line) if client.flowed else line]
    words = textwrap.wrap(line, client.wrapped, break_long_words=False, break_on_hyphens=False)
    if not client.flowed:
        return words
    soft = "  " if client.joined else " "
    return [_stuffed(piece) + soft for piece in words[:-1]] + [_stuffed(words[-1])]


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def leaf(text: str, kind: str, client: Client) -> bytes:
    """One text part in the program's charset, or in UTF-8 where that lacks a letter."""
    charset, encoding = client.charset, client.encoding
    if charset == "iso-8859-1" and any("\u3040" <= each <= "\u30ff" for each in text):
        charset, encoding = "iso-2022-jp", "7bit"
    try:
        content = text.encode(charset)
    except UnicodeEncodeError:
        charset, content = "utf-8", text.encode()
    extra = "; format=flowed" if client.flowed and kind == "plain" else ""
    extra += "; DelSp=yes" if client.joined and kind == "plain" else ""
    head = f"Content-Type: text/{kind}; charset={charset}{extra}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + _transferred(content, encoding)


def _transferred(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    if encoding == "quoted-printable":
        return quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return content


def multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    """Parts between boundaries."""
    fence = f"--=_{kind}"
    body = b"".join(f"{fence}\r\n".encode() + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="=_{kind}"\r\n\r\n'.encode() + body + f"{fence}--\r\n".encode()


def body_of(client: Client, own: Paragraphs, quoted: Quoted | None, language: str) -> bytes:
    """The text of a draft with its header fields, as the program writes it."""
    plain = leaf(plain_text(client, own, quoted, language), "plain", client)
    if client.html is None:
        return plain
    above = client.above(quoted, language) if quoted else ""
    rich = leaf(client.html(own, above, quoted, language), "html", client)
    return multipart("alternative", [plain, rich]) if client.has_plain else rich


def encoded_word(text: str) -> str:
    """A header's text as a program sends it: RFC 2047 where it is not ASCII."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode(linesep="\r\n")
