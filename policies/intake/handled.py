"""Whether people on the spot already acted, and whether the reporter writes as one of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from policies.folding import words
from policies.intake.passages import Sentence, Told
from policies.text import Line, Part
from policies.words import Phrases, among, each_of, listed

_REACH: Final = 14
_ME: Final = each_of("me us mich mir uns moi m'a m’a nous nos mi ci ons mij")
_REQUEST: Final = re.compile(r"\b(please|could you|can you|bitte|könnten sie|s'il vous plaît|por favor|per favore)\b")
_ALONE: Final = ("i ", "ich ", "je ", "ho ", "hablé ", "ik ", "conversei ", "falei ")
_ROLE_LINE: Final = 100


def acted(told: Told, *, is_official: bool) -> Iterator[Sentence]:
    """The sentences that say that organisers or moderators did something about it.

    What one who only says "I" did counts when she writes as an organiser.
    """
    settled = _settled(is_official=is_official).within(told.folded, told.runs)
    for sentence in told.sentences:
        folded = sentence.text.casefold()
        says_settled = any(phrase in folded for phrase in settled)
        is_told = says_settled or _locals_act(sentence) or _acted_in_japanese(folded)
        if is_told and not _REQUEST.search(folded) and among("negations").isdisjoint(sentence.lows):
            yield sentence


@functools.cache
def _settled(*, is_official: bool) -> Phrases:
    return Phrases(phrase for phrase in listed("settled") if is_official or not phrase.startswith(_ALONE))


@functools.cache
def _official() -> Phrases:
    return Phrases(listed("official_phrases"))


def _locals_act(sentence: Sentence) -> bool:
    """Somebody in charge, and after that a verb of stepping in that was not about the reporter herself."""
    if not (sentence.may_have("local_people") and sentence.may_have("local_acts")):
        return False
    lows = sentence.folded
    people, acts = among("local_people"), among("local_acts")
    for index, word in enumerate(lows):
        if word not in people:
            continue
        for at in range(index + 1, min(index + 1 + _REACH, len(lows))):
            if lows[at] in acts and _ME.isdisjoint(lows[at - 1 : at + 2]):
                return True
    return False


@functools.cache
def _japanese() -> re.Pattern[str]:
    people = "|".join(word for word in listed("local_people") if word[0] > "\u3040")
    verbs = "|".join(word for word in listed("local_acts") if word[0] > "\u3040")
    return re.compile(f"(?:{people}).{{0,60}}(?:{verbs})")


def _acted_in_japanese(folded: str) -> bool:
    return not folded.isascii() and _japanese().search(folded) is not None


def official(lines: Sequence[Line], told: Told, names: Collection[str]) -> tuple[str, str, int] | None:
    """(words, evidence, line) where the sender says that she organises; ``names`` are the words of her name."""
    for line in lines:
        if line.part is not Part.SIGNATURE or len(line.text) > _ROLE_LINE:
            continue
        folded = line.text.casefold()
        role = next((role for role in listed("officials") if role in folded), "")
        if role and _is_signed(line.text, names):
            return _as_written(line.text, role), " ".join(line.text.split()), line.number
    phrases = _official().within(told.folded, told.runs)
    for sentence in told.sentences if phrases else ():
        folded = sentence.text.casefold()
        phrase = next((phrase for phrase in phrases if phrase in folded), "")
        if phrase:
            return _as_written(sentence.text, phrase), sentence.text, sentence.line_at(max(0, folded.find(phrase)))
    return None


def _is_signed(text: str, names: Collection[str]) -> bool:
    return any(word in names for word in words(text[:_ROLE_LINE])) or len(words(text[:_ROLE_LINE])) <= 6  # noqa: PLR2004


def _as_written(text: str, phrase: str) -> str:
    match = re.search(re.escape(phrase), text, re.IGNORECASE)
    return match[0] if match else ""
