"""Who reports: the effective sender, or whom a web form or the writer's own words name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.case import Suggestion
from policies.intake.forms import Entry
from policies.intake.passages import Sentence
from policies.mail import Address, MailId, Message
from policies.words import listed

_MACHINE: Final = re.compile(
    r"no-?reply|do-?not-?reply|web-?forms?|forms?\b|wordpress|www|website|mailer|notif", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NAME: Final = re.compile(r"[^\W\d_][\w'’-]*(?: (?:(?:von|van|de|der|del|di|da|la|le) )?[^\W\d_][\w'’-]*){1,3}")
_REACH: Final = 60
_MOST: Final = 6


def is_form_mail(message: Message, entries: Sequence[Entry]) -> bool:
    """Whether a web form sent the mail, so that From is a machine's."""
    fields = {entry.field for entry in entries}
    generated = message.hint("auto-submitted").strip().casefold().startswith("auto-generated")
    machine = any(_MACHINE.match(each.address) or _MACHINE.search(each.address.partition("@")[0])
                  for each in (*message.from_, *message.reply_to))  # fmt: skip
    return bool(fields) and (generated or machine)


def suggestions(
    sender: Address | None, sentences: Sequence[Sentence], entries: Sequence[Entry], mail: MailId, *, is_form: bool
) -> tuple[Suggestion, ...]:
    """Names and addresses, each by itself, best first; of a web form only what its lines say."""
    found: list[Suggestion] = []
    if is_form:
        found += _of_form(entries, mail)
    elif sender is not None:
        shown = f"{sender.name} <{sender.address}>".strip() if sender.address else sender.name
        found += [
            Suggestion("reporter", value, f"From: {shown}", 0, mail) for value in (sender.name, sender.address) if value
        ]
    found += _introduced(sentences, mail)
    unique: dict[str, Suggestion] = {}
    for each in found:
        unique.setdefault(each.value.casefold(), each)
    return tuple(unique.values())[:_MOST]


def _of_form(entries: Sequence[Entry], mail: MailId) -> Iterator[Suggestion]:
    for entry in entries:
        address = _ADDRESS.search(entry.value)
        if entry.field in {"email", "name"} and address:
            yield Suggestion("reporter", address[0], entry.evidence, entry.line, mail)
        elif entry.field == "name":
            yield Suggestion("reporter", entry.value, entry.evidence, entry.line, mail)


def _introduced(sentences: Sequence[Sentence], mail: MailId) -> Iterator[Suggestion]:
    """``my name is Ana Ruiz``, ``it is Ana Ruiz``: only a full name with capitals, at the beginning of a sentence."""
    for sentence in sentences[:5]:
        for phrase in _phrases().finditer(sentence.text, 0, _REACH):
            name = _NAME.match(sentence.text, phrase.end())
            if name and _is_name(name[0]):
                yield Suggestion("reporter", _capitalised(name[0]), sentence.text, sentence.line, mail)
                break


@functools.cache
def _phrases() -> re.Pattern[str]:
    phrases = "|".join(re.escape(phrase) for phrase in listed("self") if phrase[0] < "\u3040")
    return re.compile(rf"(?<!\w)(?:{phrases}) ", re.IGNORECASE)


def _is_name(text: str) -> bool:
    return len(_capitalised(text).split()) > 1


def _capitalised(text: str) -> str:
    """As far as the words have capitals: "Ana Ruiz and I" is "Ana Ruiz"."""
    kept: list[str] = []
    for word in text.split():
        if not word[0].isupper() and word not in {"von", "van", "de", "der", "del", "di", "da", "la", "le"}:
            break
        kept.append(word)
    while kept and not kept[-1][0].isupper():
        kept.pop()
    return " ".join(kept)
