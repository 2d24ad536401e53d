"""What may stand beside an address in MAIL and RCPT, and in XFORWARD, read off a client's line."""

from __future__ import annotations

import re
from typing import Final

#: What Postfix passes on to a filter from its own client.
OF_FILTER: Final = ("250-DSN", "250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE")
_ATTRIBUTE: Final = re.compile(r"(NAME|ADDR|PORT|PROTO|HELO|IDENT|SOURCE)=([!-~]{1,255})", re.IGNORECASE)
_LOGIN: Final = re.compile(r"(?i) (AUTH=[!-~]*)(?= |$)")
# RFC 3461 section 4: whether and how the sender wants to hear of the delivery.
_MAIL_WISH: Final = re.compile(r"(?i) (RET=(?:FULL|HDRS)|ENVID=[!-~]{1,100})(?= |$)")
_RECIPIENT_WISH: Final = re.compile(r"(?i) (NOTIFY=[A-Z,]{1,40}|ORCPT=[!-~]{1,500})(?= |$)")

#: Up to the end of the address: in one that is quoted the same letters are its own.
_ADDRESS: Final = re.compile(r'(?:[^">]|"(?:[^"\\]|\\.)*")*>')

Split = tuple[str | None, tuple[str, ...]]


def of_mail(arg: str | None) -> Split:
    """What follows MAIL without the words of RFC 3461, and these; AUTH= of RFC 4954 says nothing here, and goes.

    >>> of_mail("FROM:<a@example.org> SIZE=9 RET=HDRS AUTH=<>")
    ('FROM:<a@example.org> SIZE=9', ('RET=HDRS',))
    >>> of_mail('FROM:<"a> RET=FULL"@example.org>')
    ('FROM:<"a> RET=FULL"@example.org>', ())
    """
    without, _ = _split(arg, _LOGIN)
    return _split(without, _MAIL_WISH)


def of_recipient(arg: str | None) -> Split:
    """What follows RCPT without the words of RFC 3461, and these.

    >>> of_recipient("TO:<a@example.org> NOTIFY=NEVER")
    ('TO:<a@example.org>', ('NOTIFY=NEVER',))
    """
    return _split(arg, _RECIPIENT_WISH)


def attributes(arg: str) -> dict[str, str]:
    """What XFORWARD says of Postfix's own client (its XFORWARD_README); empty where it cannot be read."""
    pairs = [_ATTRIBUTE.fullmatch(each) for each in arg.split()]
    return {} if None in pairs else {each[1].upper(): each[2] for each in pairs if each is not None}


def _split(arg: str | None, pattern: re.Pattern[str]) -> Split:
    found = _ADDRESS.match(arg or "")
    if arg is None or found is None:
        return arg, ()
    words = arg[found.end() :]
    return found[0] + pattern.sub("", words), tuple(pattern.findall(words))
