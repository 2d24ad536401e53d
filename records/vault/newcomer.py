"""What a newcomer hands to the committee: who she is and her public keys, as bytes; signing them is done elsewhere."""

from __future__ import annotations

from typing import Final

from policies.errors import Unavailable, UnreadableInput, WrongUsage
from policies.values import value
from records.vault.format import PublicIdentity, pack, unpack

_MAX_TEXTS: Final = 32
_MAX_BYTES: Final = 320  # an address: 64 octets, @, 255 octets (RFC 5321 4.5.3.1)
_IN_NAMES: Final = str.maketrans(
    "", "", "\u200c\u200d\u3000"
)  # the joiners of Persian and Indic, the blank of Japanese


@value
class Newcomer:
    """A person who asks to be added: name, addresses (at least one), accounts elsewhere, short forms, public keys."""

    name: str
    addresses: tuple[str, ...]
    handles: tuple[str, ...]
    nicknames: tuple[str, ...]
    public: PublicIdentity

    def __repr__(self) -> str:
        """Which keys, not whose."""
        return f"Newcomer({self.public!r})"


def print_newcomer(newcomer: Newcomer) -> bytes:
    """The bytes that are signed.  Raises WrongUsage ``bad-newcomer`` where a text is empty, too long or unprintable."""
    if not _is_sound(newcomer):
        raise WrongUsage(
            "bad-newcomer",
            "A name or an address is missing, is too long, or holds characters that cannot be shown.",
            "Give a name and at least one address such as priya@example.org.",
        )
    texts = ((newcomer.name,), newcomer.addresses, newcomer.handles, newcomer.nicknames)
    lists = (pack(*(text.encode() for text in row)) for row in texts)
    return pack(*lists, newcomer.public.kem, newcomer.public.sign)


def parse_newcomer(body: bytes) -> Newcomer:
    """The partner of ``print_newcomer``.  Raises UnreadableInput ``corrupt-block``."""
    try:
        names, addresses, handles, nicknames, kem, sign = unpack(body, 6)
        (name,) = _texts(names)
        public = PublicIdentity(kem, sign)
        newcomer = Newcomer(name, _texts(addresses), _texts(handles), _texts(nicknames), public)
    except (ValueError, Unavailable):  # too few fields, letters that are no UTF-8, lengths that do not fit
        raise unreadable() from None
    if not _is_sound(newcomer):
        raise unreadable()
    return newcomer


def unreadable() -> UnreadableInput:
    """The error for a block that is not as its owner made it."""
    return UnreadableInput(
        "corrupt-block",
        "This public identity cannot be read: it was cut, changed on its way, or is something else.",
        "Ask for the block that `conduct member key` printed, with its first and last line.",
    )


def _texts(packed: bytes) -> tuple[str, ...]:
    return tuple(field.decode() for field in unpack(packed, _MAX_TEXTS))


def _is_sound(newcomer: Newcomer) -> bool:
    rows = ((newcomer.name,), newcomer.addresses, newcomer.handles, newcomer.nicknames)
    texts = [text for row in rows for text in row]
    return (
        len(newcomer.addresses) > 0
        and all(len(row) <= _MAX_TEXTS for row in rows)
        and all(_is_shown(text) for text in texts)
        and all(_is_address(address) for address in newcomer.addresses)
    )


def _is_shown(text: str) -> bool:
    """Whether a terminal and a mail header show the text as it is: no control, bidi or invisible characters."""
    return text.strip() == text != "" and text.translate(_IN_NAMES).isprintable() and len(text.encode()) <= _MAX_BYTES


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not set(text) & set(' <>,;"')
