"""Names and handles as they are written: runs of capitalised words, and words shaped like account names."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.intake.passages import Token
from policies.words import among, each_of, numbered

_MOST_WORDS: Final = 4
_ACRONYM: Final = 4
_HANDLE: Final = re.compile(r"[^\W\d_][\w.-]{1,39}\Z")
_NO_HANDLE_SIGN: Final = re.compile(r"[^\w.-]")
# What is written with a number and is no account.
_NUMBERED: Final = each_of(
    "python django covid utf sha base windows win ios html css web ipv http room day issue ticket pull version part "
    "section article raum salle sala chapter track hall figure table page step item point rule number mysql postgres "
    "postgresql sqlite rust ruby perl java node vue angular"
)
_INNER_CAPITAL: Final = re.compile(r"[a-zß-ÿ][A-Z]")
_NAME_PREFIXES: Final = ("Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "O’", "O'", "D’", "D'")
_FIRST_PARTICLES: Final = frozenset({"von", "van", "de", "del", "della", "di", "da", "dos", "das", "du", "al", "el",
                                     "bin", "ibn", "ter", "ten", "zu", "le", "la"})  # fmt: skip
_SECOND_PARTICLES: Final = frozenset({"der", "den", "la", "las", "los", "el", "het"})
_CAPITAL: Final = "[A-ZÀ-ÖØ-Þ\u0100-\U0010ffff]"
_TWO_CAPITALS: Final = re.compile(
    rf"{_CAPITAL}[\w'’.-]*\.? (?:(?:{'|'.join(_FIRST_PARTICLES)}) (?:(?:{'|'.join(_SECOND_PARTICLES)}) )?)?{_CAPITAL}"
)
# A digit behind three signs of an account's name, the last of them no digit.
_STRONG: Final = re.compile(r"[0-9](?<=[\w.-][\w.-](?:[^\W0-9]|[.-])[0-9])")
# Words of events, bodies and places: a run that holds one of them is no person.
_NO_PERSON: Final = each_of(
    "conf con conference day days meetup camp summit foundation committee team group girls ladies university "
    "institute inc ltd gmbh ag llc corp association society party dinner workshop sprint sprints talk track keynote "
    "hackathon community project club office library center centre city event forum channel konferenz verein treffen "
    "congreso congrès salon fest festival fair expo world software open source web code academy labs lab studio "
    "council board working hotel restaurant street straße strasse platz plaza rue avenue road river lake mountain "
    "airport central bank school college hall room raum salle sala building tower house bar café cafe pub park "
    "unconference barcamp bootcamp zoom github slack discord gitlab republic kingdom states union federation san "
    "santa saint sankt los las rio kuala hong tel el buenos addis")  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Mention:
    """A name or handle within a sentence: its tokens are ``first`` to ``last``, both included."""

    text: str
    first: int
    last: int
    is_handle: bool

    def __repr__(self) -> str:
        """Nothing of the name."""
        return f"Mention({self.first}, {self.last})"


def has_name(text: str) -> bool:
    """Whether two words with a capital stand side by side; a lone one may be named too, behind a title."""
    return _TWO_CAPITALS.search(text) is not None


def has_handle(text: str) -> bool:
    """Whether ``@`` or a strong handle may stand there."""
    return "@" in text or "_" in text or "://" in text or _STRONG.search(text) is not None


def mentions(tokens: Sequence[Token]) -> Iterator[Mention]:
    """Every full name and every ``@handle`` or word that can only be a handle, in order."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == "sign" or (token.text.isalpha() and not token.text[0].isupper()):
            pass  # what most of a text consists of
        elif token.kind == "at" or (token.kind == "word" and is_strong_handle(token.text)):
            yield Mention(token.text, index, index, is_handle=True)
        elif _is_capitalised(token):
            end = _run_end(tokens, index)
            yield from _names_in(tokens, index, end)
            index = end - 1
        index += 1


def is_strong_handle(text: str) -> bool:
    """Whether a word can hardly be anything else than an account's name: ``rex_31``, ``grump77``."""
    if text.isalpha() or not 4 <= len(text) <= 40 or not text[0].isalpha() or _NO_HANDLE_SIGN.search(text):  # noqa: PLR2004
        return False
    letters = text.rstrip("0123456789")
    return "_" in text.strip("_") or (letters != text and len(letters) > 2 and letters.casefold() not in _NUMBERED)  # noqa: PLR2004


def is_handle(text: str) -> bool:
    """Whether a word can be an account's name at all."""
    return _HANDLE.match(text) is not None and text.casefold() not in among("no_names")


def titled(tokens: Sequence[Token], mention: Mention) -> bool:
    """Whether a title stands right before the name."""
    at = mention.first - 1
    if at >= 0 and tokens[at].text == ".":
        at -= 1
    return at >= 0 and tokens[at].low in among("titles")


def _is_capitalised(token: Token) -> bool:
    return (
        token.kind == "word"
        and token.text[0].isupper()
        and (token.text.isalpha() or not any(map(str.isdigit, token.text)))
    )


def _run_end(tokens: Sequence[Token], index: int) -> int:
    """Where the run of capitalised words, initials and particles that begins here ends."""
    while index < len(tokens):
        if _is_capitalised(tokens[index]):
            index += 1
            if index < len(tokens) and _is_initials_dot(tokens, index):
                index += 1
        elif length := _particles(tokens, index):
            index += length
        else:
            break
    return index


def _is_initials_dot(tokens: Sequence[Token], index: int) -> bool:
    before = tokens[index - 1]
    return tokens[index].text == "." and before.end == tokens[index].start and len(before.text) == 1


def _particles(tokens: Sequence[Token], index: int) -> int:
    """How many particles stand here between two capitalised words."""
    if tokens[index].text not in _FIRST_PARTICLES:
        return 0
    length = 2 if index + 1 < len(tokens) and tokens[index + 1].text in _SECOND_PARTICLES else 1
    return length if index + length < len(tokens) and _is_capitalised(tokens[index + length]) else 0


def _names_in(tokens: Sequence[Token], start: int, end: int) -> Iterator[Mention]:
    """The names in a run: function words divide it, and a word of an event or a brand spoils its piece."""
    piece: list[int] = []
    for index in range(start, end + 1):
        if index < end and not _divides(tokens[index]):
            piece.append(index)
            continue
        yield from _name(tokens, piece)
        piece = []


def _divides(token: Token) -> bool:
    """A function word with a capital is no part of a name, a particle without one is."""
    return token.text[0].isupper() and (token.low in among("no_names", "titles") or _is_starter(token))


def _is_starter(token: Token) -> bool:
    is_adverb = token.low.endswith("ly") and len(token.low) > 6  # noqa: PLR2004 Emily is none
    return is_adverb or token.low in _when_words()


@functools.cache
def _when_words() -> frozenset[str]:
    return frozenset(numbered("months")) | among("weekdays", "roles", "helpers", "greetings")


def _name(tokens: Sequence[Token], piece: Sequence[int]) -> Iterator[Mention]:
    while piece and tokens[piece[-1]].text in _FIRST_PARTICLES | _SECOND_PARTICLES:
        piece = piece[:-1]
    while piece and tokens[piece[0]].text in _FIRST_PARTICLES | _SECOND_PARTICLES | {"."}:
        piece = piece[1:]
    if not piece:
        return
    named = [tokens[index] for index in piece if tokens[index].text[0].isupper()]
    full = [token for token in named if len(token.text) > 1]
    is_title_enough = len(named) == 1 and len(full) == 1
    if not full or len(named) > _MOST_WORDS or any(map(_spoils, named)):
        return
    mention = Mention(_written(tokens, piece), piece[0], piece[-1], is_handle=False)
    if not is_title_enough or titled(tokens, mention):
        yield mention


def _written(tokens: Sequence[Token], piece: Sequence[int]) -> str:
    text = tokens[piece[0]].text
    for before, index in itertools.pairwise(piece):
        gap = "" if tokens[before].end == tokens[index].start else " "
        text += gap + tokens[index].text
    return text


def _spoils(token: Token) -> bool:
    if any(part in _NO_PERSON for part in token.low.split("-")):
        return True
    if _INNER_CAPITAL.search(token.text) and not token.text.startswith(_NAME_PREFIXES):
        return True
    return token.text.isupper() and 1 < len(token.text) <= _ACRONYM
