"""Drafts described in ``examples/*.toml``, by rule and by what they show, built in the way of any mail program.

    [note-missing.fires."Ada is new in Cc, and the first line is the greeting."]
    answers = "posters"         a mail of people.toml, which is on record; it is quoted unless ``quotes = false``
    cc = "ada"                  people of people.toml or addresses; the mailbox is in Cc unless ``copy = false``
    text = "..."                one line a paragraph

What such a draft may hold beside is in `_KEYS`.  ``also`` are errors that come with it; ``clients`` are the only mail
programs that can have written it.
"""

from __future__ import annotations

import base64
import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from ingest.wording import read_wording
from policies.lint.check import check
from policies.lint.checked import Checked, Settings, Stored, Via
from policies.lint.context_file import parse_context
from policies.lint.draft import Draft
from policies.lint.verdict import Verdict
from tests.lint.clients import CLIENTS, Client, Quoted, body_of, encoded_word, multipart
from tests.lint.packed import docx, locked, zipped

FOLDER: Final = Path(__file__).parent / "examples"
ON: Final = date(2026, 5, 4)
CONDUCT: Final = "conduct@meadow.example"
_PEOPLE: Final[dict[str, Any]] = tomllib.loads((FOLDER / "people.toml").read_text("utf-8"))
_RECORD: Final[dict[str, Any]] = tomllib.loads((FOLDER.parent / "cases" / "context.toml").read_text("utf-8"))
_KEYS: Final = frozenset(
    [
        "to",
        "cc",
        "bcc",
        "from",
        "reply_to",
        "sender",
        "copy",
        "subject",
        "text",
        "html",
        "answers",
        "quotes",
        "thread",
        "private",
        "ids",
        "headers",
        "date",
        "files",
        "body",
        "case",
        "context",
        "about",
        "also",
        "client",
        "clients",
        "language",
        "raw",
    ]
)


@dataclasses.dataclass(frozen=True)
class Example:
    """A draft, and whether the rule speaks of it; ``title`` is what it shows."""

    rule: str
    fires: bool
    title: str
    table: Mapping[str, Any]

    @property
    def client(self) -> str:
        """The mail program that it is written with if nothing else is asked for."""
        return str(self.table.get("client", "gmail"))

    @property
    def clients(self) -> tuple[str, ...]:
        """The mail programs that can have written it."""
        own = () if {"html", "body", "raw"} & self.table.keys() else tuple(CLIENTS)
        return tuple(self.table.get("clients", own or (self.client,)))

    def __str__(self) -> str:
        """For the names of tests."""
        return f"{self.rule} {'fires' if self.fires else 'silent'}: {self.title}"


@cache
def examples() -> tuple[Example, ...]:
    """All of them."""
    return tuple(each for file in sorted(FOLDER.glob("*.toml")) if file.stem != "people" for each in _read(file))


def _read(file: Path) -> Iterator[Example]:
    for rule, sides in tomllib.loads(file.read_text("utf-8")).items():
        assert sides.keys() <= {"fires", "silent"}, (file.name, rule)
        for side, tables in sides.items():
            for title, table in tables.items():
                assert table.keys() <= _KEYS, (file.name, title, table.keys() - _KEYS)
                yield Example(rule, side == "fires", title, table)


def address_of(who: str) -> str:
    """A person of people.toml as a header shows them, or the words themselves."""
    name, _, rest = str(_PEOPLE["people"].get(who, who)).rpartition(" <")
    return f"{encoded_word(name)} <{rest}" if name else rest


def _mailboxes(value: str) -> str:
    return ",\r\n ".join(address_of(one.strip()) for one in value.split(";") if one.strip())


def mail(key: str) -> bytes:
    """A mail of people.toml that was written earlier."""
    table = _PEOPLE["mail"][key]
    lines = [
        f"From: {address_of(table['from'])}",
        f"To: {_mailboxes(table.get('to', CONDUCT))}",
        *([f"Cc: {_mailboxes(table['cc'])}"] if "cc" in table else []),
        *([f"Reply-To: {_mailboxes(table['reply_to'])}"] if "reply_to" in table else []),
        *([f"In-Reply-To: <{_PEOPLE['mail'][table['answers']]['id']}>"] if "answers" in table else []),
        f"Subject: {encoded_word(table['subject'])}",
        f"Date: {table.get('date', 'Mon, 04 May 2026 06:00:00 +0000')}",
        f"Message-ID: <{table['id']}>",
        "MIME-Version: 1.0",
    ]
    head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    text = (head + table["text"].replace("\n", "\r\n") + "\r\n").encode()
    body = multipart("mixed", [text, _file(table["file"])]) if "file" in table else text
    return "".join(f"{line}\r\n" for line in lines).encode() + body


def stored(example: Example) -> list[Stored]:
    """What is on record of earlier mail."""
    table = example.table
    seen = [*table.get("thread", ())]
    if "answers" in table and table["answers"] not in {*seen, *table.get("private", ())}:
        seen.append(table["answers"])
    known = [Stored(Draft(mail(key)), Via.CONDUCT) for key in seen]
    return known + [Stored(Draft(mail(key)), Via.MEMBER) for key in table.get("private", ())]


def raw_of(example: Example, client: str = "") -> bytes:
    """The draft as bytes, as that mail program writes it."""
    table = example.table
    if "raw" in table:
        return str(table["raw"]).replace("\n", "\r\n").encode("latin-1")
    return _header(table) + _body(table, CLIENTS[client or example.client])


def _header(table: Mapping[str, Any]) -> bytes:
    answered = _PEOPLE["mail"][table["answers"]] if "answers" in table else None
    subject = table.get("subject", f"Re: {answered['subject']}" if answered else "Your question")
    copies = [table["cc"]] if "cc" in table else []
    copies += [CONDUCT] if table.get("copy", True) else []
    fields = {
        "From": _mailboxes(table.get("from", "ines")),
        "Sender": _mailboxes(table.get("sender", "")),
        "Reply-To": _mailboxes(table.get("reply_to", "")),
        "To": _mailboxes(table.get("to", answered["from"] if answered else "rita")),
        "Cc": _mailboxes(";".join(copies)),
        "Bcc": _mailboxes(table.get("bcc", "")),
        "Subject": encoded_word(subject),
        "Date": table.get("date", "Mon, 04 May 2026 09:00:00 +0000"),
        "In-Reply-To": f"<{answered['id']}>" if answered and table.get("ids", True) else "",
        "References": f"<{answered['id']}>" if answered and table.get("ids", True) else "",
    }
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "".join(f"{line}\r\n" for line in [*lines, *table.get("headers", ()), "MIME-Version: 1.0"]).encode()


def _body(table: Mapping[str, Any], client: Client) -> bytes:
    if "body" in table:
        return str(table["body"]).replace("\n", "\r\n").encode("latin-1")
    if "html" in table:
        text = f"Content-Type: text/html; charset=utf-8\r\n\r\n{table['html']}\r\n".encode()
    else:
        own = str(table.get("text", "Thank you.")).rstrip("\n").split("\n")
        text = body_of(client, own, _quoted(table), table.get("language", "en"))
    files = [_file(each) for each in table.get("files", ())]
    return multipart("mixed", [text, *files]) if files else text


def _quoted(table: Mapping[str, Any]) -> Quoted | None:
    key = table["quotes"] if isinstance(table.get("quotes"), str) else table.get("answers")
    if key is None or table.get("quotes") is False:
        return None
    shown = _PEOPLE["mail"][key]
    name, _, address = _PEOPLE["people"].get(shown["from"], shown["from"]).rpartition(" <")
    to, cc = _shown(shown.get("to", CONDUCT)), _shown(shown.get("cc", ""))
    return Quoted(name, address.rstrip(">"), to, cc, shown["subject"], shown["text"].split("\n"))


def _shown(value: str) -> str:
    return "; ".join(_PEOPLE["people"].get(one.strip(), one.strip()) for one in value.split(";"))


def _file(table: Mapping[str, str]) -> bytes:
    kind, content = table.get("type", "application/octet-stream"), _content(table)
    name = table.get("name", "")
    head = [f"Content-Type: {kind}", f'Content-Disposition: {table.get("shown", "attachment")}; filename="{name}"']
    if kind == "message/rfc822":
        return "\r\n".join([*head, "", ""]).encode() + content
    head.append("Content-Transfer-Encoding: base64")
    if not name.isascii():
        head[1] = f"Content-Disposition: attachment; filename*=utf-8''{_percented(name)}"
    return "\r\n".join([*head, "", ""]).encode() + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _percented(name: str) -> str:
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 0x80 else f"%{byte:02X}" for byte in name.encode())


def _content(table: Mapping[str, str]) -> bytes:
    if "mail" in table:
        return mail(table["mail"])
    text = table.get("text", "Our notes.")
    made = {
        "zip": lambda: zipped(**{table.get("inner", "notes.txt"): text}),
        "locked": lambda: locked(zipped(**{"notes.txt": text})),
        "docx": lambda: docx(f"<w:document><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>", table.get("by", "")),
        "large": lambda: bytes(int(table["kib"]) * 1024),
    }
    return made[table["made"]]() if "made" in table else text.encode()


@cache
def _settings() -> Settings:
    return Settings(wording=read_wording())


def checked(example: Example, raw: bytes) -> Checked:
    """The draft beside what is on record."""
    table = example.table
    case = {"case": {**_RECORD["case"], **table["case"]}} if table.get("case") else {}
    context = parse_context({**_RECORD, **case, **table.get("context", {})})
    return Checked(Draft(raw), context, stored(example), ON, settings=_settings())


def verdict_on(example: Example, client: str = "") -> Verdict:
    """The check of it."""
    return check(checked(example, raw_of(example, client)))
