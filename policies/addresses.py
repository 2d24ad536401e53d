"""When two written addresses are the same mailbox."""

from __future__ import annotations

from typing import Final

_DOTLESS: Final = frozenset({"gmail.com", "googlemail.com"})


def canonical(address: str) -> str:
    """The one form of an address for comparing: case, ``+tag`` and an internationalised domain's spelling folded.

    Google ignores dots in its own local parts and has two names for one domain; nobody else is treated so.
    What has no ``@`` comes back folded and is equal only to itself.

    >>> canonical("J.Doe+list@GoogleMail.com")
    'jdoe@gmail.com'
    """
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at:
        return domain
    domain = _ascii_domain(domain.rstrip("."))
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
