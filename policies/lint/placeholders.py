"""Left-overs of a template or of the manual: braces, brackets to be filled in, blanks, and notes to oneself."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Final

from policies.folding import fold
from policies.lint.checked import Checked
from policies.lint.displayed import Kind
from policies.lint.findings import cut, found, found_at
from policies.lint.verdict import Finding
from policies.patterns import late
from policies.words import among, each_of

_LINE_LIMIT: Final = 5000
_URL: Final = late(r"(?:https?://|www\.|mailto:)\S+")
_LEFT_OVER: Final = late(
    r"\{\{[^{}]*(?:\}\}|$)|\{%[^{}]*(?:%\}|$)|\{#[^{}]*#\}|\$\{[^{}\s]{1,60}\}|%\(\w{1,60}\)[sdifr]"
    r"|<(?:(?i:insert|enter|fill in)\b[^<>@]{0,80}|(?i:(?:first|last|full|your|given|family)[ _-]?)?(?i:name)"
    r"|[A-Z][A-Z0-9]*(?:[ _-][A-Z0-9]+){0,5})>"
    r"|(?<![^\W_])(?:TODO|FIXME|TBD|XXX+)(?![^\W_])|(?i:\blorem ipsum\b)"
    r"|(?<![^\W_])(?:DD[./-]MM[./-]YYYY|MM[./-]DD[./-]YYYY|YYYY-MM-DD|TT\.MM\.JJJJ|JJ[./-]MM[./-]AAAA|DD[./-]MM[./-]AAAA"
    r"|GG[./-]MM[./-]AAAA)(?![^\W_])"
)
# Without one of these there is nothing of the above or below.
_TELLING: Final = late(r"[{<\[%$_]|TODO|FIXME|TBD|XXX|YYYY|JJJJ|AAAA|[Ll][Oo][Rr][Ee][Mm]")
_BLANK: Final = late(r"_{4,}")
_RULE: Final = late(r"[ \t]*_{10,}[ \t]*")
_LONE_LETTER: Final = late(r"\s*(\S.{0,40}?)\s+([A-Z])\s*(?:[,:!;.–-]|$)")
_BRACKETED: Final = late(r"\[([^\[\]\n]{1,80})\](?!\()")
_BRACED: Final = late(r"(?<![{\w$\\])\{([A-Za-z][A-Za-z _]{2,30})\}(?!\})")
_CAPITALS: Final = late(r"[A-Z][A-Z0-9]*(?:[ _/'-]+[A-Z0-9]+)*")
_SNAKE: Final = late(r"[a-z]+(?:[_.][a-z]+)+")
# What a bracket may hold and mean itself.
_MEANT: Final = each_of(
    "sic redacted external ext spam pdf faq ok emphasis anonymised anonymized ooo rfc eu uk us usa un url"
)
# The variables of our own templates that are plain words; the others show themselves by their underscores.
_VARIABLES: Final = each_of(
    "about acts by cases clock counts done drafts errors expunging extends extension eyes failed item "
    "kind lines mail mendable notices on open origin overdue plan queued recovery report residue since "
    "standing sweep tasks terms trouble unattended unlinked until weekday"
)
# What the manuals and form letters of committees leave to be filled in.
_TO_FILL_IN: Final = (
    "name|names|first name|last name|full name|your name|first last name|first name last name|surname|"
    "given name|family name|nickname|pronoun|pronouns|their name|recipient|sender|signature|title|role|"
    "organisation|organization|company|date|today|day|time|deadline|month|year|place|location|venue|city|"
    "country|event|event name|conference|conference name|organiser|organizer|subject|reporter|reported person|"
    "person|user|username|handle|email|e-mail|email address|address|phone|phone number|number|n|link|url|case|"
    "case number|code name|incident|description|description of incident|details|summary|reason|outcome|"
    "decision|action|term|status|xx|yy|zz|vorname|nachname|ihr name|dein name|datum|uhrzeit|ort|veranstaltung|"
    "anrede|betreff|nom|prénom|prenom|nom de famille|votre nom|lieu|heure|événement|évènement|objet|nombre|"
    "apellido|apellidos|su nombre|tu nombre|fecha|lugar|hora|evento|asunto|nome|cognome|sobrenome|seu nome|"
    "data|luogo|ora|local|oggetto|assunto|naam|voornaam|achternaam|uw naam|tijd|plaats|evenement|onderwerp|"
    "namn|förnamn|efternamn|plats|imię|nazwisko|miejsce|名前|氏名|お名前|日付|場所|日時|姓名|名字|日期|地点"
)
_OPENS: Final = late(
    r"(?:insert|enter|fill in|your|their|add|choose|select|einfügen|ihr|ihre|votre|vos"
    r"|insérer|insertar|inserire|inserir)"
    r"|describe|describing|indiquer|indicar|indicare"
    r" |(?:name|date|time|place|link|number|list|description|datum|ort|nom|nombre|nome|fecha|lugar|lieu) "
    r"(?:of|des|der|du|de|del|della|do|da|here|hier|ici|aquí|and|to)\b"
)
# What such a note to the writer may end with.
_ENDS: Final = late(
    r"(?:(?!(?:in|by|the|a|of|at|to|no|my|his|her|its)\b)[\w'’-]+ ){1,2}(?:name|names|date|address|number|details)"
    r"|(?:\S+ ){0,5}(?:einfügen|eintragen|ergänzen|invullen)"
)


def check_placeholders(checked: Checked) -> Iterator[Finding]:
    """Every left-over of the Subject, the writer's lines, and the names of files."""
    if checked.is_new_subject():
        for words, _ in _left_overs(checked.draft.subject):
            yield found("placeholder", words, "Subject", _message(words))
    for text in checked.texts:
        for line in text.lines:
            if line.kind in {Kind.OWN, Kind.SIGNATURE}:
                for words, start in (*_left_overs(line.text), *_greeted_letter(line.text)):
                    yield found_at("placeholder", words, _message(words), text, line, start=start, length=len(words))
    for part in checked.draft.attachments:
        for name in part.filenames:
            for words, _ in _left_overs(name):
                yield found("placeholder", words, "attachment", _message(words))


def _message(words: str) -> str:
    return f'"{cut(words)}" was left to be filled in.'


def _left_overs(line: str) -> Iterator[tuple[str, int]]:
    """What was left, and where it begins."""
    if not _TELLING.search(line):
        return
    plain = _URL.sub(lambda match: "\0" * len(match[0]), line[:_LINE_LIMIT])
    for match in _LEFT_OVER.finditer(plain):
        yield match[0], match.start()
    for match in _BRACKETED.finditer(plain):
        if _is_to_fill_in(match[1]):
            yield match[0], match.start()
    for match in _BRACED.finditer(plain):
        if fold(match[1].replace("_", " ")) in _to_fill_in():
            yield match[0], match.start()
    if not _RULE.fullmatch(plain):
        for match in _BLANK.finditer(plain):
            yield match[0], match.start()


@functools.cache
def _to_fill_in() -> frozenset[str]:
    return frozenset(map(fold, _TO_FILL_IN.split("|")))


def _is_to_fill_in(inside: str) -> bool:
    words = inside.strip()
    folded = fold(words)
    if folded in _MEANT:
        return False
    if words in _VARIABLES or _CAPITALS.fullmatch(words) or _SNAKE.fullmatch(words):
        return True
    lowered = words.casefold()
    return folded in _to_fill_in() or bool(_OPENS.match(lowered) or _ENDS.fullmatch(lowered))


def _greeted_letter(line: str) -> Iterator[tuple[str, int]]:
    match = _LONE_LETTER.match(line[:200])
    if match and match[1].casefold() in among("greetings"):
        yield match[2], match.start(2)
