"""The gateway as a process: what conduct.toml says of it, listening, and its end within two seconds of a signal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import ssl
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest import smtp
from ingest.config_sections import Gateway, Smtp, socket_of
from ingest.gate.apart import Apart
from ingest.gate.listening import clear_away, listening
from ingest.gate.logins import read_logins
from ingest.gate.relay import Relay
from ingest.gate.server import House
from ingest.heap import give_back, stay_small
from ingest.home import Home, check_secret
from policies.errors import WrongUsage

if TYPE_CHECKING:
    from ingest.config import Settings

_CHILDREN: Final = 2
_DRAIN_SECONDS: Final = 1.2
#: Each TLS session that has ended leaves a few hundred kilobytes in cycles.
_TIDY_SECONDS: Final = 30.0
_NOBODYS_MAIL: Final = b"Subject: none\r\n\r\n"


def serve(
    home: Home,
    settings: Settings,
    environ: Mapping[str, str],
    files: Sequence[Path],
    listen: str,
    announce: Callable[[str], None],
) -> None:
    """Stand between mail programs and the smarthost until SIGTERM or SIGINT.

    ``files`` are the identities whose key an agent may hold; ``announce`` is told in words where it
    listens, once it does.
    Raises WrongUsage: conduct.toml does not say enough, or says what would be an open relay; Unavailable: the place
    cannot be listened on.
    """
    place = _smarthost(settings)
    _refuse_loop(place, listen)
    gateway = settings.gateway
    own = read_logins(gateway.password_file) if gateway.login == "own" else {}
    if gateway.login == "own":
        smtp.credentials(place, environ)  # what is missing is told now, not to the first mail
    _silence_library()
    # Whoever may hand mail to a filter before a queue need not be a member.
    judges = [Apart(home, files, environ, is_shared=gateway.login == "none") for _ in range(_CHILDREN)]
    relay = Relay(place, judges, lambda: smtp.credentials(place, environ) if gateway.login == "own" else None, announce)
    house = House(relay, gateway.login, own, _context(gateway))
    try:
        _warm_up(judges, announce)
        stay_small()
        asyncio.run(_serve(house, listen, announce))
    finally:
        relay.close()


def _silence_library() -> None:
    """It logs every command and address, and at the debug level every line of every mail."""
    for name in ("mail.log", "mail.debug", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)


def _warm_up(judges: Sequence[Apart], announce: Callable[[str], None]) -> None:
    """Have the children ready before the first mail; what keeps them from it is told, and mail is held up by it."""
    for judge in judges:
        judge.start()
    troubles = {judge.judge(_NOBODYS_MAIL, (), "", keeps=False).trouble for judge in judges}
    for trouble in sorted(troubles - {""}):
        announce(f"no mail can be checked yet: {trouble}")


def _smarthost(settings: Settings) -> Smtp:
    if settings.smtp is None:
        raise WrongUsage("no-smarthost", "The gateway has no server to hand mail to.", "Add a table [smtp].")
    if settings.gateway.login == "none" and settings.smtp.user is not None:
        raise WrongUsage(
            "open-relay",
            "Without a login everybody on this host could send with the password of [smtp].",
            'Set gateway.login = "own", or take user out of [smtp].',
        )
    return settings.smtp


def _refuse_loop(place: Smtp, listen: str) -> None:
    if place.is_loopback and socket_of(listen) is None and listen.rpartition(":")[2] == str(place.actual_port):
        raise WrongUsage("loop", "The smarthost of [smtp] is the gateway itself.", "Name the server behind it.")


def _context(gateway: Gateway) -> ssl.SSLContext | None:
    if gateway.certificate is None or gateway.certificate_key is None:
        return None
    check_secret(gateway.certificate_key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(gateway.certificate, gateway.certificate_key)
    except (OSError, ssl.SSLError):
        raise WrongUsage(
            "bad-certificate", "The gateway's certificate or its key cannot be read.", "Both are PEM files."
        ) from None
    return context


async def _serve(house: House, listen: str, announce: Callable[[str], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server, place = await listening(house, listen)
    announce(f"listening on {place}")
    while not await _is_set_within(stop, _TIDY_SECONDS):
        give_back()
    server.close()
    await house.end(_DRAIN_SECONDS)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.wait_closed(), 0.2)
    clear_away(listen)


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        return await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
