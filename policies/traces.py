"""Whether a text that is to stay gives somebody away: names the case knows, parts of them, handles, any contact.

Strict on purpose: a word too many is written differently in a minute, a name that stays cannot be taken back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from policies.folding import forms
from policies.patterns import late
from policies.values import value

_SHORTEST: Final = 3
_APART: Final = late(r"[@._+\- ]+")
# How much of a name is looked for by ``candidates``: words in a row, letters in scripts without blanks.
_MOST_WORDS: Final = 5
_LONGEST_RUN: Final = 12
# Scripts written without blanks, in which a name is found anywhere in the line.
_SIGNS: Final = "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
_UNSPACED: Final = late(_SIGNS)
_RUN: Final = late(f"{_SIGNS}+")
# Parts of names that are words of everyday language, pronouns in display names, and mailboxes that name a role.
# fmt: off
_EVERYDAY: Final = frozenset({
    "van", "von", "der", "den", "del", "dos", "das", "los", "las", "ter", "ten", "zum", "zur", "bin", "ibn", "abu",
    "the", "and", "for", "via", "his", "him", "she", "her", "they", "them",
    "info", "mail", "email", "contact", "support", "office", "admin", "team", "list", "conduct", "coc", "hello",
    "noreply", "reply", "webmaster", "postmaster", "organizer", "organizers", "organiser", "organisers", "committee",
    "board", "event", "events",
})
# fmt: on
_HANDLE_AFTER: Final = frozenset({"user", "users", "u", "in", "people", "profile", "profiles", "member", "members"})
_ADDRESS: Final = late(r"@?([^\s@]+)@[^\s@]+")
_URL: Final = late(r"(?:\w{2,12}://|www\.)[^\s/?#]*([^\s?#]*)", re.IGNORECASE)
# Any contact at all, the case's or not; each alternative looks at a bounded stretch, so the search is linear.
_CONTACT: Final = late(
    r"[^\s@]@[^\s@]|(?<!\w)@\w|\w://|\bwww\.|\bmailto:"
    r"|\w\s{0,2}[\[({]\s{0,2}(?:at|@)\s{0,2}[\])}]\s{0,2}\w"
    r"|\w\.(?:com|org|net|edu|io|dev|info|social|app|xyz|blog|eu|de|uk|fr|nl|jp)\b(?!\.?\w)",
    re.IGNORECASE,
)


@value
class Traces:
    """What gives people away: words, names of several short words, and names in scripts without blanks."""

    words: frozenset[str]
    phrases: frozenset[str]
    runs: frozenset[str]

    def __repr__(self) -> str:
        """How much, and nothing of it."""
        return f"Traces({len(self.words)} words)"


def traces_of(known: Iterable[str]) -> Traces:
    """The traces of names, addresses, handles and URLs, as they come, told apart by their form."""
    words: set[str] = set()
    phrases: set[str] = set()
    runs: set[str] = set()
    for name in (part for text in known for part in _personal(text.strip())):
        for form in forms(name):
            pieces = [piece for piece in _APART.split(form) if piece]
            runs |= _runs(pieces)
            words |= {
                piece for piece in (*pieces, "".join(pieces)) if len(piece) >= _SHORTEST and piece not in _EVERYDAY
            }
            if len(pieces) > 1:
                phrases |= {" ".join(pieces), " ".join(reversed(pieces))}
    return Traces(frozenset(words), frozenset(phrases), frozenset(runs))


def _personal(text: str) -> Iterator[str]:
    """What is a person's in a name, address, handle or URL; neither the host nor the words of a path."""
    if url := _URL.match(text):
        segments = [segment for segment in url[1].split("/") if segment]
        for before, segment in zip(["", *segments], segments, strict=False):
            if segment[0] in "@~" or before.casefold() in _HANDLE_AFTER or len(segments) == 1:
                yield segment.lstrip("@~")
    elif address := _ADDRESS.fullmatch(text):
        yield address[1].partition("+")[0]
    else:
        yield text


def _runs(pieces: list[str]) -> set[str]:
    """Names in unspaced scripts: the whole, each written part of two letters or more, and a given name after one."""
    if not any(map(_UNSPACED.search, pieces)):
        return set()
    whole = "".join(pieces)
    given = whole[1:] if len(pieces) == 1 and len(whole) == _SHORTEST else ""
    return {piece for piece in (*pieces, whole, given) if len(piece) > 1}


def gives_away(text: str, traces: Traces) -> bool:
    """Whether the text holds one of the traces, as a word in any spelling that folds alike, or any contact at all."""
    # Letter by letter: normalising a long run of combining marks at once takes quadratic time.
    visible = (letter for letter in text if unicodedata.category(letter) != "Cf")
    if _CONTACT.search("".join(unicodedata.normalize("NFKC", letter) for letter in visible)):
        return True
    return any(_holds(form, traces) for form in forms(text))


def tokens(traces: Traces) -> frozenset[str]:
    """All traces as texts that can be compared, or hashed and compared, with ``candidates``."""
    return traces.words | traces.phrases | traces.runs


def candidates(text: str) -> frozenset[str]:
    """Every token that a text could hold, for whoever has the tokens as digests only.

    >>> sorted(candidates("By Bo Li") & tokens(traces_of(["Bo Li"])))
    ['bo li']
    """
    found: set[str] = set()
    for form in forms(text):
        pieces = [piece for piece in _APART.split(form) if piece]
        found.update(pieces, ("".join(_APART.split(word)) for word in form.split(" ")))
        for length in range(2, _MOST_WORDS + 1):
            found |= {" ".join(pieces[at : at + length]) for at in range(len(pieces) - length + 1)}
        for run in _RUN.findall("".join(pieces)):
            for length in range(2, _LONGEST_RUN + 1):
                found |= {run[at : at + length] for at in range(len(run) - length + 1)}
    return frozenset(found)


def _holds(form: str, traces: Traces) -> bool:
    pieces = [piece for piece in _APART.split(form) if piece]
    together = {"".join(_APART.split(word)) for word in form.split(" ")}
    if traces.words & (together | set(pieces)):
        return True
    spaced, compact = f" {' '.join(pieces)} ", "".join(pieces)
    return any(f" {phrase} " in spaced for phrase in traces.phrases) or any(run in compact for run in traces.runs)
