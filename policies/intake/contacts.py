"""How a subject may be found again: addresses, handles and links in a mail's own words."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

from policies.addresses import canonical
from policies.folding import words
from policies.intake.passages import Sentence, Token
from policies.intake.people import Candidate
from policies.words import among, each_of, hard_acts

_NO_REPLY: Final = re.compile(r"no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounce", re.IGNORECASE)
_HOME_PAGE: Final = re.compile(r"(?:https?://)?[^/?#]*/?$")
_OUR_PAGES: Final = re.compile(r"code-?of-?conduct|/coc\b|unsubscribe|/conduct\b|privacy|optout|opt-out", re.IGNORECASE)
# What is written in every address of the kind: a sentence without it need not be taken apart.
_SIGNS: Final = {"mail": ("@",), "url": ("://", "www.")}
_PERSONAL: Final = each_of(
    "he she his her they their him sein seine seiner ihr ihre er sie il elle son sa leur su él ella suo sua lui lei "
    "zijn haar hij zij seu ele ela dele dela person user account profile konto compte cuenta"
)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """An address, handle or URL, the sentence and line it stands in."""

    value: str
    evidence: str
    line: int

    def __repr__(self) -> str:
        """Where it stands."""
        return f"Contact(line {self.line})"


def addresses(
    sentences: Sequence[Sentence], people: Sequence[Candidate], is_ours: Callable[[str], bool]
) -> Iterator[Contact]:
    """Addresses that are said to be somebody else's; ``is_ours`` knows the sender's, the members', the mailbox's."""
    named = frozenset(word for each in people for word in words(each.value.lstrip("@")) if len(word) > 2)  # noqa: PLR2004
    accuses = functools.cache(lambda: bool(people) or any(map(_tells_of_harm, sentences)))
    seen: set[str] = set()
    for sentence, index, token in _of_kind(sentences, "mail"):
        if is_ours(token.text) or _NO_REPLY.search(token.text) or canonical(token.text) in seen:
            continue
        local = frozenset(re.split(r"[._+-]", token.low.partition("@")[0]))
        if local & named or (_is_theirs(sentence, index) and accuses()):
            seen.add(canonical(token.text))
            yield Contact(token.text, sentence.text, sentence.line_at(token.start))


def links(sentences: Sequence[Sentence]) -> Iterator[Contact]:
    """Links to a profile, a message, a thread: anything but home pages and pages of rules."""
    seen: set[str] = set()
    for sentence, _, token in _of_kind(sentences, "url"):
        if _HOME_PAGE.match(token.text) or _OUR_PAGES.search(token.text) or token.text in seen:
            continue
        seen.add(token.text)
        yield Contact(token.text, sentence.text, sentence.line_at(token.start))


def handles(people: Sequence[Candidate], not_them: Collection[str]) -> Iterator[Contact]:
    """The candidates' handles, each once."""
    seen: set[str] = set()
    for each in people:
        for handle in ((each.value,) if each.is_handle else ()) + each.handles:
            key = handle.lstrip("@").casefold()
            if key not in seen and key not in not_them:
                seen.add(key)
                yield Contact(handle, each.evidence, each.line)


def _of_kind(sentences: Sequence[Sentence], kind: str) -> Iterator[tuple[Sentence, int, Token]]:
    signs = _SIGNS[kind]
    for sentence in sentences:
        if not any(sign in sentence.text for sign in signs):
            continue
        for index, token in enumerate(sentence.tokens):
            if token.kind == kind:
                yield sentence, index, token


def _tells_of_harm(sentence: Sentence) -> bool:
    return not hard_acts().isdisjoint(sentence.lows)


def _is_theirs(sentence: Sentence, index: int) -> bool:
    before = [token.low for token in sentence.tokens[max(0, index - 8) : index]]
    if any(word in among("mine", "helpers", "local_people") for word in before):
        return False
    return any(token.low in _PERSONAL for token in sentence.tokens[:index])
