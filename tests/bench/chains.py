"""An invented archive of reply chains, the same for the same seed: who joins and leaves, noted, not noted, and wrongly.

The replies are written as many mail programs write them (``tests.lint.clients``), and what is true of each is counted
along, so that what the bench says of them can be checked.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from policies.lint.draft import Draft
from tests.bench.prose import PEOPLE
from tests.lint.clients import CLIENTS, Quoted, body_of, encoded_word

_BEGINNING: Final = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
_LETTERS: Final = Path(__file__).parent / "letters"
_LANGUAGES: Final = ("en", "de", "fr", "ja")
_SHORTEST: Final = 60
#: What a reply does to the recipients, and in how many of a hundred.
_CHANGES: Final = {"none": 80, "moved": 4, "respelt": 4, "joined": 8, "left": 4}
#: How a change is noted, in how many of a hundred.
_NOTED: Final = {"not": 50, "right": 40, "wrong": 10}

Person = tuple[str, str]


@dataclasses.dataclass(frozen=True)
class _Mail:
    message_id: str
    sender: Person
    to: Sequence[Person]
    cc: Sequence[Person]
    subject: str
    lines: Sequence[str]

    @property
    def people(self) -> list[Person]:
        return [self.sender, *self.to, *self.cc]


class Chains:
    """Mails in threads; ``truth`` counts what is true of those that were made."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._people = [
            (name, f"{_local(name, number)}@house{number % 7}.example") for number, name in enumerate(PEOPLE)
        ]
        self._made = 0
        self._paragraphs = sorted({line for file in _LETTERS.glob("*.eml") for line in _lines(file)})
        self.truth: Counter[str] = Counter()

    def __repr__(self) -> str:
        """How many."""
        return f"Chains({self._made})"

    def mbox(self, count: int) -> Iterator[bytes]:
        """So many mails, each as an mbox holds it."""
        while self._made < count:
            mail, raw = self._first()
            yield raw
            for _ in range(min(self._random.randrange(1, 9), count - self._made)):
                mail, raw = self._reply(mail)
                yield raw

    def _first(self) -> tuple[_Mail, bytes]:
        sender, *others = self._random.sample(self._people, self._random.randrange(3, 6))
        mail = _Mail(self._id(), sender, others[:1], others[1:], f"Question {self._made}", self._prose())
        return mail, self._written(mail, None, "en", mail.lines)

    def _reply(self, answered: _Mail) -> tuple[_Mail, bytes]:
        sender = self._random.choice([*answered.to, *answered.cc])
        to, cc = [answered.sender], [each for each in answered.people[1:] if each != sender]
        note, to, cc = self._changed(answered, sender, to, cc)
        language = self._random.choice(_LANGUAGES)
        own = [*([note, ""] if note else []), *self._prose()]
        mail = _Mail(self._id(), sender, to, cc, f"Re: {answered.subject.removeprefix('Re: ')}", own)
        return mail, self._written(mail, answered, language, own)

    def _changed(
        self, answered: _Mail, sender: Person, to: list[Person], cc: list[Person]
    ) -> tuple[str, list[Person], list[Person]]:
        """The note at the top, or none, and the recipients."""
        self.truth["replies"] += 1
        what = self._pick(_CHANGES)
        gone = next((each for each in cc if each != sender), None)
        new = self._random.choice([each for each in self._people if each not in answered.people])
        if what == "moved":
            to, cc = [*to, *cc], []
        elif what == "respelt":
            to = [(name.upper(), address.upper()) for name, address in to]
        elif what == "joined" or (what == "left" and gone is None):
            return self._noted("+", new), to, [*cc, new]
        elif what == "left" and gone is not None:
            return self._noted("-", gone), to, [each for each in cc if each != gone]
        self.truth["unchanged"] += 1
        return "", to, cc

    def _noted(self, sign: str, who: Person) -> str:
        self.truth["changed"] += 1
        how = self._pick(_NOTED)
        if how == "not":
            return ""
        self.truth["noted"] += 1
        if how == "wrong":
            return self._random.choice((f"[{sign} Nobody]", f"[{'-' if sign == '+' else '+'} {who[0]}]"))
        self.truth["noted and explained"] += 1
        shapes = (
            "[{sign} {name}]",
            "[{sign}{name}]",
            "[{sign}cc {name}]",
            "[{sign} {address}]",
            "*[{sign} {name}, for the list]*",
        )
        return self._random.choice(shapes).format(sign=sign, name=who[0], address=who[1])

    def _pick(self, weights: dict[str, int]) -> str:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _id(self) -> str:
        self._made += 1
        return f"<{self._made}.{self._random.getrandbits(48):x}@house.example>"

    def _prose(self) -> list[str]:
        return self._random.sample(self._paragraphs, 2)

    def _written(self, mail: _Mail, answered: _Mail | None, language: str, own: Sequence[str]) -> bytes:
        quoted = None
        if answered is not None:
            to, cc = (", ".join(f"{name} <{address}>" for name, address in each) for each in (answered.to, answered.cc))
            quoted = Quoted(*answered.sender, to, cc, answered.subject, answered.lines)
        at = _BEGINNING + timedelta(minutes=11 * self._made)
        fields = [
            f"From: {_shown(mail.sender)}",
            f"To: {', '.join(map(_shown, mail.to))}",
            *([f"Cc: {', '.join(map(_shown, mail.cc))}"] if mail.cc else []),
            f"Subject: {mail.subject}",
            f"Date: {format_datetime(at)}",
            f"Message-ID: {mail.message_id}",
            *([f"In-Reply-To: {answered.message_id}"] if answered else []),
            "MIME-Version: 1.0",
        ]
        client = CLIENTS[self._random.choice(list(CLIENTS))]
        raw = "\r\n".join([*fields, ""]).encode() + body_of(client, own, quoted, language)
        lines = raw.replace(b"\r\n", b"\n").split(b"\n")
        quoted_from = b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)
        return f"From x@house.example {at:%a %b %d %H:%M:%S %Y}\n".encode() + quoted_from + b"\n\n"


def _lines(letter: Path) -> list[str]:
    """The paragraphs of an ordinary letter."""
    own = Draft(letter.read_bytes()).texts[0].own
    return [line.text for line in own if len(line.text) > _SHORTEST]


def _shown(person: Person) -> str:
    name, address = person
    return f"{encoded_word(name)} <{address}>"


def _local(name: str, number: int) -> str:
    return name.rsplit(maxsplit=1)[-1].lower() if name.isascii() else f"user{number}"
