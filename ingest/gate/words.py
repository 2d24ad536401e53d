"""What a door says to whoever sent a mail: it ends up in logs, bounces and on phones, so it names nobody.

Many mail programs show only the last line of a reply, some only the first: each stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ingest.gate.ruling import Judged, Ruling
from policies.lint.explained import EXPLAINED

_MOST_RULES: Final = 12
_REMARKS: Final = {
    Ruling.WARNED: "a mail left that could not be checked; outgoing.unchecked lets it",
    Ruling.WITHOUT_CASE: "a mail was checked without the case, and left",
}
_CANNOT: Final = "NOT SENT: it cannot be checked now; unlock your key and send it again"
_CLOSED: Final = "NOT SENT: it belongs to a case that is closed to you; let another member send it"
_BROKEN: Final = "NOT SENT: the check broke off on this very mail; make it shorter or simpler"
_UNREACHED: Final = "NOT SENT: the check is out of order; conduct doctor says more"
_WIDE: Final = 400  # letters of a line; RFC 5321 section 4.5.3.1.5 allows 510 with code and line end


def why_not(judged: Judged) -> tuple[str, ...]:
    """The lines for a mail that does not leave, printable ASCII, the most telling one last."""
    if judged.ruling is not Ruling.REFUSED:
        return (_unchecked(judged),)
    if judged.trouble:
        return (_printable(f"NOT SENT: {judged.trouble}"),)
    return tuple(_printable(line) for line in (*_found(judged), _last(judged)))


def _unchecked(judged: Judged) -> str:
    if judged.is_closed:
        return _CLOSED
    if judged.is_of_mail:
        return _BROKEN
    return _UNREACHED if judged.trouble else _CANNOT


def _found(judged: Judged) -> Iterator[str]:
    yield f"{_count(judged.errors, 'error')}: {', '.join(judged.rules[:_MOST_RULES])}."
    for rule in judged.rules[:_MOST_RULES]:
        if rule in EXPLAINED:
            yield f"{rule}: {EXPLAINED[rule].demands}"


def _last(judged: Judged) -> str:
    mended = f", {judged.mendable} can be mended" if judged.mendable else ""
    kept = f" Members: conduct findings show {judged.code}" if judged.code else " Members: conduct lint says which."
    return f"NOT SENT: {_count(judged.errors, 'error')}{mended}.{kept}"


def remark(judged: Judged) -> str:
    """What the log of a door says of a mail that nobody could check, or not wholly; empty where there is nothing."""
    if judged.trouble and judged.ruling is Ruling.UNCHECKED:
        return f"a mail could not be checked and was held up: {judged.trouble}"
    return _REMARKS.get(judged.ruling, "")


def reply(code: int, status: str, lines: Sequence[str]) -> str:
    """An SMTP reply of several lines (RFC 5321 section 4.2.1), each with its enhanced status code (RFC 2034)."""
    last = len(lines) - 1
    return "\r\n".join(f"{code}{' ' if at == last else '-'}{status} {line}" for at, line in enumerate(lines))


def refusal(judged: Judged) -> str:
    """The SMTP reply to a mail that does not leave: never "try again later" for what was found in it."""
    if judged.ruling is Ruling.REFUSED:
        return reply(550, "5.7.1", why_not(judged))
    return reply(451, "4.3.0", why_not(judged))


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _printable(line: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line)[:_WIDE]
