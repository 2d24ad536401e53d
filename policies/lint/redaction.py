"""Blacking out whoever is protected: in logs, files and pipes a reporter is ``reporter 1``.

The protected are reporters and witnesses (communications.md: "Protecting reporters is our first priority").  Who is
reported is not among them: the recipients stand in the result by name, and who is reported often is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from policies.folding import fold
from policies.lint.checked import Checked
from policies.lint.context import Person
from policies.patterns import late

_SHORTEST: Final = 3
_WORDS: Final = late(r"[\w@.+-]+")


def redactor(checked: Checked) -> Callable[[str, Sequence[str]], str]:
    """A function that blacks out, in words of ours or of the draft, every protected person of the case.

    Its second argument are further spellings to black out.  Names are found as a whole and by each of their words,
    accents and capitals aside; rather a word too many than one too few.
    """
    case = checked.case
    people = [
        *((person, f"reporter {number}") for number, person in enumerate(case.reporters if case else (), start=1)),
        *((person, f"witness {number}") for number, person in enumerate(case.witnesses if case else (), start=1)),
    ]
    whole = [(spelling, label) for person, label in people for spelling in _spellings(person)]
    words = {word: label for person, label in people for word in _words_of(person)}

    def black_out(text: str, further: Sequence[str]) -> str:
        hidden = [
            *whole,
            *((spelling, people[0][1] if len(people) == 1 else "somebody protected") for spelling in further),
        ]
        for spelling, label in sorted(hidden, key=lambda each: -len(each[0])):
            if spelling.strip():
                text = re.sub(re.escape(spelling), f"‹{label}›", text, flags=re.IGNORECASE)
        return _WORDS.sub(lambda match: _word(match[0], words), text)

    return black_out if people else lambda text, _: text


def _spellings(person: Person) -> tuple[str, ...]:
    turned = " ".join(reversed(person.name.split()))
    return tuple(each for each in (person.name, turned, *person.addresses, *person.handles) if each)


def _words_of(person: Person) -> set[str]:
    said = [*person.name.split(), *person.handles]
    local = [address.partition("@")[0] for address in person.addresses]
    found = {
        fold(word).strip(".+-_")
        for word in (*said, *local, *(piece for one in local for piece in re.split(r"[._-]", one)))
    }
    return {word for word in found if len(word) >= _SHORTEST or not word.isascii()} - {""}


def _word(word: str, words: dict[str, str]) -> str:
    whole = fold(word).strip(".+-_")
    if whole in words:
        return f"‹{words[whole]}›"
    if any(piece in words for piece in re.split(r"[@._+-]", whole)):
        return f"‹{next(words[piece] for piece in re.split(r'[@._+-]', whole) if piece in words)}›"
    return word
