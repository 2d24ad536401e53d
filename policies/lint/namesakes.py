"""Whether a lone name is somebody else's: "Petrova, Nadia" and "Rui Farouk" are other people, and so is who is greeted.

A given or family name alone names a party.  As a part of the name of another person on record or on the draft it
does not, in either order and in any script; what is known of nobody else stays a hit.  Nor does it where a mail
greets and signs off, or notes who joined, if somebody of that name is on the mail or on the one it answers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

from policies.addresses import canonical
from policies.blocks import unquoted
from policies.lint.checked import Checked
from policies.lint.folded import fold, forms
from policies.lint.hits import Hit, Naming, without_comma
from policies.patterns import late
from policies.words import among

_AROUND: Final = 80
_SHORTEST_UNSPACED: Final = 3
_ENDS: Final = "._+-"
_ENDED: Final = (".", "!", "?", "…", "。", "！", "？", ")")
_LINE: Final = 200
_BEFORE: Final = 2 * _LINE
#: A mail that shows more people of one name hides nobody's.
_MOST_NAMESAKES: Final = 100
# Behind these another sentence or entry begins; an initial's dot is taken for one, and then the hit stays.
_STOP: Final = late(r"[.!?;:。！？]\s|\n\s*\n|[。！？、]")

Name = tuple[str, ...]


class Namesakes:
    """The full names of everybody on record and on the draft, as folded words; made when first asked for."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    def __repr__(self) -> str:
        """Whose draft."""
        return f"Namesakes({self.checked!r})"

    @cached_property
    def _names(self) -> tuple[_Index, _Index]:
        """As they are written, and with the family name in front."""
        names = {words for name in self._written() for form in forms(without_comma(name)) if (words := _words(form))}
        return _Index(names), _Index({turned for name in names for turned in _turned(name)})

    def _written(self) -> Iterator[str]:
        yield from (each.name for each in self.checked.recipients if each.name)
        yield from (each.name for each in self.checked.draft.mailboxes("From", "Sender", "Reply-To") if each.name)
        yield from (name for known in self.checked.directory.everybody() for name in known.names)

    def others(self, text: str, hits: Iterable[Hit], party: Naming) -> Iterator[Hit]:
        """The hits without those that are a part of another person's name, or stand where only she is meant."""
        return (hit for hit in hits if not (self._is_part(text, hit, party) or self._is_here(text, hit, party)))

    def _is_here(self, text: str, hit: Hit, party: Naming) -> bool:
        """Whether a greeting, a signature or a note says this word, and it is the name of another on the mail."""
        word, start = fold(hit.text), text.rfind("\n", 0, hit.start) + 1
        if word not in party.words or not self._here.get(word):
            return False
        end = text.find("\n", hit.end)
        end = end if end >= 0 else len(text)
        if end - start > _LINE:
            return False
        line = text[start:end]
        names = [
            name
            for address, name in self._here[word][:_MOST_NAMESAKES]
            if address not in party.mailboxes and not party.words.issuperset(name)
        ]
        plain = unquoted(line)
        is_greeted = bool(names) and _greets(plain, hit.end - start - len(line) + len(plain))
        return is_greeted or (
            any(_signs(plain, name) for name in names) and _may_sign(text[max(0, start - _BEFORE) : start])
        )

    @cached_property
    def _here(self) -> dict[str, list[tuple[str, Name]]]:
        """By each of its words the names of whom the draft, or the mail that it answers, shows, with the address."""
        mails = [self.checked.draft, *([self.checked.baseline.draft] if self.checked.baseline else [])]
        found: dict[str, list[tuple[str, Name]]] = {}
        for mailbox in (each for mail in mails for each in mail.mailboxes("From", "Sender", "To", "Cc")):
            known = self.checked.known(self.checked.person(mailbox.address))
            names = dict.fromkeys((mailbox.name, *(known.names + known.nicknames if known else ())))
            for name in (_words(form) for each in names for form in forms(without_comma(each))):
                for word in name:
                    found.setdefault(word, []).append((canonical(mailbox.address), name))
        return found

    def _is_part(self, text: str, hit: Hit, party: Naming) -> bool:
        word = fold(hit.text)
        if not word or " " in word or "@" in word or word in {fold(handle) for handle in party.handles}:
            return False
        before = _STOP.split(text[max(0, hit.start - _AROUND) : hit.start])[-1]
        behind = _STOP.split(text[hit.end : hit.end + _AROUND])[0]
        near = _words(before.rpartition(",")[2]), _words(behind.partition(",")[0])
        over = _words(before), _words(behind)
        return any(
            _stands(name, word, *around) and not party.words.issuperset(name)
            for names, around in zip(self._names, (near, over), strict=True)
            for name in names.about(word, *around)
        )


class _Index:
    """Names by what stands beside each other in them, since thousands of recipients may share a given name."""

    def __init__(self, names: Collection[Name]) -> None:
        self._by_pair: dict[tuple[str, str], list[Name]] = {}
        for name in names:
            for pair in itertools.pairwise(name):
                self._by_pair.setdefault(pair, []).append(name)
        self._unspaced = [name for name in names if not "".join(name).isascii()]
        self._unspaced_with: dict[str, list[Name]] = {}

    def about(self, word: str, before: Name, behind: Name) -> Iterator[Name]:
        """The names that the word and its neighbours may be, and those written without blanks that hold the word."""
        if before:
            yield from self._by_pair.get((before[-1], word), ())
        if behind:
            yield from self._by_pair.get((word, behind[0]), ())
        if word not in self._unspaced_with:
            self._unspaced_with[word] = [name for name in self._unspaced if word in "".join(name)]
        yield from self._unspaced_with[word]


def _greets(line: str, end: int) -> bool:
    """Whether a greeting, or notes, go on up to there."""
    # Read only here: few drafts name a party, and fewer by a name that somebody else has.
    from policies.notes import read_notes  # noqa: PLC0415
    from policies.text import salutation_end  # noqa: PLC0415

    notes = read_notes(line).notes
    return end <= salutation_end(line) or (bool(notes) and end <= notes[-1].end)


def _signs(line: str, name: Name) -> bool:
    """Whether the line is nothing but the name, a closing formula before it or not."""
    formula, comma, signed = line.partition(",")
    is_closed = bool(comma) and formula.strip().casefold() in among("closings")
    return set(_words(signed if is_closed else line)) <= set(name)


def _may_sign(before: str) -> bool:
    """Whether a name may end what stands before: "the report came from" goes on into it."""
    from policies.signoff import is_closing  # noqa: PLC0415 - as above

    above = [unquoted(line).strip() for line in before.split("\n")[:-1]]
    last = next(filter(None, reversed(above)), "")
    if not last or is_closing(last) or last.endswith(_ENDED):
        return True
    return not above[-1] and not last.endswith((":", "："))


def _turned(name: Name) -> Iterator[Name]:
    """The family name in front, a comma behind it or not: the last word, or all but the first."""
    if len(name) > 1:
        yield (name[-1], *name[:-1])
        yield (*name[1:], name[0])


def _words(text: str) -> Name:
    return tuple(word for piece in fold(text).split() if (word := piece.strip(_ENDS)))


def _stands(name: Name, word: str, before: Name, behind: Name) -> bool:
    """Whether the words around the hit are the rest of the name."""
    for at, part in enumerate(name if len(name) > 1 else ()):
        if part == word and before[len(before) - at :] == name[:at] and behind[: len(name) - at - 1] == name[at + 1 :]:
            return True
    return _stands_unspaced("".join(name), word, "".join(before), "".join(behind))


def _stands_unspaced(name: str, word: str, before: str, behind: str) -> bool:
    """The same for names that are written without blanks between given and family name."""
    if name.isascii() or len(name) < _SHORTEST_UNSPACED or len(name) <= len(word):
        return False
    places = (match.start() for match in re.finditer(f"(?={re.escape(word)})", name))
    return any(before.endswith(name[:at]) and behind.startswith(name[at + len(word) :]) for at in places)
