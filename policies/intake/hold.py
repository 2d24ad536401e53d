"""Which members a mail's own words name: by full name, address or account (a hold), or by nickname (a flag)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final

from policies.addresses import canonical
from policies.folding import fold, forms, words
from policies.mail import Address
from policies.roster import Member, MemberId, Roster

# Longer than any mail a person writes; what is cut off is said in ``needs_eyes``.
MOST_CHARACTERS: Final = 1_000_000
_LONGEST_ADDRESS: Final = 320
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_APART: Final = str.maketrans(dict.fromkeys("._-+", " "))
_ASCII: Final = {code: chr(code).lower() if chr(code).isalnum() or chr(code) in "@.+-_" else " " for code in range(128)}


class Folded:
    """A text prepared for asking whether names occur in it; folding is done once, in linear time."""

    def __init__(self, text: str) -> None:
        text = text[:MOST_CHARACTERS]
        plain = _fold_both(text)
        self.tokens = frozenset(word for each in plain for word in each.split())
        at_signs = (word for word in self.tokens if "@" in word and len(word) <= _LONGEST_ADDRESS)
        self.addresses = frozenset(map(canonical, at_signs))
        # Words with what may stand inside a name taken apart.
        self._apart = [each.translate(_APART).split() for each in plain]
        self.parts = frozenset(word for each in self._apart for word in each)
        self.unspaced = plain[0].replace(" ", "") if _UNSPACED.search(text) else ""

    @functools.cached_property
    def texts(self) -> tuple[str, ...]:
        """The words one after another, then once more without middle initials; needed where a first one occurs."""
        whole = (f" {' '.join(words)} " for words in self._apart)
        short = (f" {' '.join(word for word in words if len(word) > 1)} " for words in self._apart)
        return tuple(dict.fromkeys((*whole, *short)))

    def has_phrase(self, phrase: str) -> bool:
        """Whether the words stand there one after another, the last maybe with a genitive's s."""
        first, _, more = phrase.partition(" ")
        if first not in self.parts and (more or f"{first}s" not in self.parts):
            return False
        return any(f" {phrase} " in text or f" {phrase}s " in text for text in self.texts)


def _fold_both(text: str) -> tuple[str, ...]:
    if text.isascii():
        stripped = text.translate(_ASCII).split()
        return (" ".join(word.strip(".+-_") for word in stripped),)
    return tuple(dict.fromkeys(" ".join(word.strip(".+-_") for word in form.split(" ")) for form in forms(text)))


def named(roster: Roster, text: Folded, sender: Address | None) -> tuple[MemberId, ...]:
    """The present members named in full, by address or by account; the sender herself is not.

    Nobody is excused as the sender whose address is not hers.
    """
    return tuple(member.id for member in _others(roster, sender) if _names_fully(member, text))


def nicknamed(roster: Roster, text: Folded, sender: Address | None) -> tuple[MemberId, ...]:
    """The present members one of whose nicknames or single names stands there, though they are not named in full."""
    others = _others(roster, sender)
    return tuple(each.id for each in others if not _names_fully(each, text) and _names_loosely(each, text))


def _others(roster: Roster, sender: Address | None) -> Iterable[Member]:
    own = canonical(sender.address) if sender and sender.address else ""
    return (each for each in roster.present if not own or own not in _addresses(each))


@functools.lru_cache(maxsize=64)
def _addresses(member: Member) -> frozenset[str]:
    return frozenset(map(canonical, member.addresses))


def _names_fully(member: Member, text: Folded) -> bool:
    return (
        any(text.has_phrase(phrase) for phrase in _phrases(member.name))
        or _has_unspaced(member.name, text)
        or not _addresses(member).isdisjoint(text.addresses)
        or any(_has_handle(handle, member, text) for handle in member.handles)
    )


@functools.lru_cache(maxsize=512)
def _phrases(name: str) -> frozenset[str]:
    """The name in either order, in both spellings, with and without the names between first and last."""
    found: set[str] = set()
    for form in forms(name):
        parts = form.translate(_APART).split()
        long = [part for part in parts if len(part) > 1]
        for each in (parts, long):
            if len(each) > 1:
                found |= {" ".join(each), " ".join((each[-1], *each[:-1])), f"{each[0]} {each[-1]}"}
                found.add(f"{each[-1]} {each[0]}")
        if len(parts) == 1 and "," not in name:
            found.add(parts[0])
    return frozenset(found)


def _has_unspaced(name: str, text: Folded) -> bool:
    """Chinese, Japanese and Korean names are written without blanks."""
    if not text.unspaced or not _UNSPACED.search(name):
        return False
    parts = fold(name).split()
    turned = "".join(reversed(parts))
    return "".join(parts) in text.unspaced or turned in text.unspaced


def _has_handle(handle: str, member: Member, text: Folded) -> bool:
    """An account that is called like one of her single names counts only with its ``@``."""
    bare = _bare(handle)
    return bool(bare) and (f"@{bare}" in text.tokens or (bare not in _singles(member) and bare in text.tokens))


@functools.lru_cache(maxsize=256)
def _bare(handle: str) -> str:
    return next(iter(words(handle)), "").lstrip("@").strip("._-+")


@functools.lru_cache(maxsize=64)
def _singles(member: Member) -> frozenset[str]:
    return frozenset(part for name in (member.name, *member.nicknames) for part in words(name))


def _names_loosely(member: Member, text: Folded) -> bool:
    return any(text.has_phrase(each) for each in _loose(member))


@functools.lru_cache(maxsize=64)
def _loose(member: Member) -> frozenset[str]:
    """Her nicknames, and the words of her name by themselves."""
    single = [part for part in fold(member.name).translate(_APART).split() if len(part) > 1]
    nicknames = [" ".join(fold(nickname).translate(_APART).split()) for nickname in member.nicknames]
    return frozenset(each for each in (*single, *nicknames) if each)
