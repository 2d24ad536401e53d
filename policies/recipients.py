"""Who joined and who left between a mail and its answer, and which of them a written name means."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from policies.folding import WITHOUT_SPACES, forms
from policies.patterns import late
from policies.values import value
from policies.words import among

_MAX_WORDS: Final = 8
_MAX_ENTRY_WORDS: Final = 12
_SHORT_NAME: Final = (2, 4)
_HONORIFIC: Final = late("(?<=.)(?:さん|さま|様|氏|先生|くん|君|ちゃん|씨|님|女士|老师|老師)$")
# Titles that may as well be an initial or a name: "M. Petrova" is not Anna Petrova.
_ALSO_NAMES: Final = frozenset({"m", "don", "dona"})
_PIECES: Final = late(r"[._-]+")


@value
class Participant:
    """Somebody on a mail: the person, every name and address known of them, and the field they stand in."""

    person: str
    address: str
    names: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    field: str = ""

    def __repr__(self) -> str:
        """Where they stand."""
        return f"Participant({self.field})"

    @property
    def shown(self) -> str:
        """What to call them in a note: the first name on record, else the address."""
        return next((name for name in self.names if name), self.address)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The folded spellings that mean this person."""
        found: set[str] = set()
        for name in self.names:
            found.update(_name_keys(name))
        for nickname in self.nicknames:
            found.update(keys_of(nickname))
        for address in (self.address, *self.addresses):
            found.update(_address_keys(address))
        return frozenset(found - {""})

    def is_called(self, words: str) -> bool:
        """Whether these words, all of them, name the person."""
        return any(key in self.keys for key in keys_of(words))


@value
class Changes:
    """Who is on the answer and was not on the mail, and the other way round."""

    added: tuple[Participant, ...]
    removed: tuple[Participant, ...]


def changes(
    before: Sequence[Participant], after: Sequence[Participant], authors: frozenset[str], left_out: frozenset[str]
) -> Changes:
    """What changed between the participants of a mail and of its answer.

    ``authors`` are the persons of the mail's From and Reply-To: they are one participant, present if any of them is.
    ``left_out`` (the answer's sender, the mailbox) count on neither side.
    """
    was = {each.person for each in before} | left_out
    stays = {each.person for each in after} | left_out
    author_stays = bool(authors & stays)
    gone = [each for each in before if each.person not in stays and not (each.person in authors and author_stays)]
    return Changes(_once(each for each in after if each.person not in was), _authors_once(_once(gone), authors))


def _once(people: Iterable[Participant]) -> tuple[Participant, ...]:
    return tuple({each.person: each for each in reversed(list(people))}.values())[::-1]


def _authors_once(gone: Sequence[Participant], authors: frozenset[str]) -> tuple[Participant, ...]:
    """An author who left is named once, by the From address, and meant by any of its names."""
    gone_authors = [each for each in gone if each.person in authors]
    if len(gone_authors) <= 1:
        return tuple(gone)
    first, others = gone_authors[0], gone_authors[1:]
    joined = dataclasses.replace(
        first,
        names=tuple(dict.fromkeys(name for each in gone_authors for name in each.names)),
        nicknames=tuple(name for each in gone_authors for name in each.nicknames),
        addresses=tuple(address for each in gone_authors for address in (each.address, *each.addresses)),
    )
    return tuple(joined if each is first else each for each in gone if each not in others)


def named_by(words: str, people: Sequence[Participant]) -> tuple[tuple[Participant, ...], int]:
    """Whom the longest run of words at the beginning means, and how many words that run has; nobody and 0.

    Where nobody is called so, titles before the name and what Japanese, Chinese and Korean put behind it are left out.
    """
    split = words.split()[:_MAX_ENTRY_WORDS]
    titles = next((at for at, word in enumerate(split) if not _is_title(word)), 0)
    for start in dict.fromkeys((0, titles)):
        for shorten in (str, _without_honorific):
            for length in range(len(split), start, -1):
                called = keys_of(shorten(" ".join(split[start:length])))
                found = tuple(each for each in people if not called.isdisjoint(each.keys))
                if found:
                    return found, length
    return (), 0


def _is_title(word: str) -> bool:
    plain = word.casefold().rstrip(".")
    return plain in among("titles") and plain not in _ALSO_NAMES


def _without_honorific(name: str) -> str:
    return _HONORIFIC.sub("", name)


def _has_no_spaces(text: str) -> bool:
    """Whether it has letters of a script that puts no spaces between words."""
    if text.isascii():
        return False
    return any(first <= ord(letter) <= last for letter in text for first, last in WITHOUT_SPACES)


def keys_of(text: str) -> set[str]:
    """The text folded, in both spellings of umlauts, hyphens also as blanks; without spaces where a script has none."""
    found = {" ".join(_stripped(form)) for form in forms(text)}
    found |= {key.replace("-", " ") for key in found if "-" in key and "@" not in key}
    return found | {key.replace(" ", "") for key in found if _has_no_spaces(key)}


def _stripped(folded: str) -> list[str]:
    return [word for word in (part.strip(".+-_") for part in folded.split()) if word]


def _name_keys(name: str) -> set[str]:
    found = keys_of(name)
    for form in forms(name):
        words = _stripped(form)[:_MAX_WORDS]
        if "@" in form:
            continue
        found.update(_parts_of_name(words))
        if "," in name:
            turned = [word for piece in reversed(name.split(",", 1)) for word in _stripped(forms(piece)[0])]
            found.update(_parts_of_name(turned[:_MAX_WORDS]))
    return found


def _parts_of_name(words: Sequence[str]) -> set[str]:
    """Given, family and middle names, runs of them, family name first, initials."""
    if not words:
        return set()
    found = {word for word in words if len(word) > 1 or _has_no_spaces(word)}
    found.update(word.replace("-", " ") for word in words if "-" in word)
    for word in words:
        if _SHORT_NAME[0] <= len(word) <= _SHORT_NAME[1] and all(map(_has_no_spaces, word)):
            # Family and given name written together: either alone means the person too.
            found.update(half for cut in (1, 2) for half in (word[:cut], word[cut:]) if half)
    for start in range(len(words)):
        found.add(" ".join([*words[start:], *words[:start]]))
        found.update(" ".join(words[start:end]) for end in range(start + 2, len(words) + 1))
    if len(words) > 1:
        found.update((f"{words[0]} {words[-1]}", f"{words[-1]} {words[0]}"))
        found.update(_with_initials(words))
    return found


def _with_initials(words: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for split in range(1, len(words)):
        initials = [piece[0] for word in words[:split] for piece in _PIECES.split(word) if piece]
        family = " ".join(words[split:])
        found.add(f"{words[0][0]} {family}")
        found.update(f"{joint.join(initials)} {family}" for joint in (" ", "", "."))
    found.add(f"{words[0]} {words[-1][0]}")
    return found


def _address_keys(address: str) -> set[str]:
    local, at, _ = address.casefold().rpartition("@")
    if not at:
        return set()
    local = local.partition("+")[0] or local
    pieces = [piece for piece in _PIECES.split(local) if len(piece) > 1 or _has_no_spaces(piece)]
    return {*keys_of(address), *keys_of(local), " ".join(pieces), *pieces}
