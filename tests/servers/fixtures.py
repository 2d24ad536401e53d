"""The fixtures of the throwaway servers, a pytest plugin: pymap, Dovecot, both as imap_server, PostgreSQL, a proxy."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from tests.servers.account import Account, DovecotAdministrator, PymapAdministrator
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import Dovecot, find_dovecot
from tests.servers.embedded import EmbeddedProcess
from tests.servers.ports import not_installed
from tests.servers.postgres import Postgres, find_postgres
from tests.servers.proxy import FlakyProxy


class _Server(Protocol):
    """What is installed on this machine, or not, and started for a while."""

    def start(self) -> None: ...

    def remove(self) -> None: ...


_ServerT = TypeVar("_ServerT", bound=_Server)


def _at_work(name: str, found: object, make: Callable[[], _ServerT]) -> Iterator[_ServerT]:
    """The server while it is used; ``found`` is None where it is not installed."""
    if found is None:
        not_installed(name)
    server = make()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A private authority, and a certificate of it for localhost."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def pymap_server() -> Iterator[EmbeddedProcess]:
    """One pymap without TLS for the whole run; ``pymap_account`` is a mailbox on it."""
    server = EmbeddedProcess([])
    yield server
    server.stop()


@pytest.fixture(scope="session")
def pymap_tls_server(certificates: Certificates) -> Iterator[EmbeddedProcess]:
    """A pymap that demands STARTTLS."""
    server = EmbeddedProcess(["--certificate", str(certificates.certificate), "--key", str(certificates.key)])
    yield server
    server.stop()


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for the whole run; ``dovecot_account`` is a mailbox on it."""
    yield from _at_work("Dovecot", find_dovecot(), Dovecot)


@pytest.fixture
def own_dovecot() -> Iterator[Dovecot]:
    """A Dovecot that the test may stop and start."""
    yield from _at_work("Dovecot", find_dovecot(), Dovecot)


@pytest.fixture
def pymap_account(pymap_server: EmbeddedProcess) -> Iterator[Account]:
    """An empty mailbox on pymap."""
    user = f"user-{uuid.uuid4().hex[:8]}"
    pymap_server.command("user", user, pymap_server.where.password)
    where = pymap_server.where
    account = Account("pymap", where.port, user, where.password, PymapAdministrator(pymap_server))
    yield account
    account.close()


@pytest.fixture
def dovecot_account(dovecot_server: Dovecot) -> Iterator[Account]:
    """An empty mailbox on Dovecot."""
    user = f"user-{uuid.uuid4().hex[:8]}"
    account = Account(
        "dovecot", dovecot_server.port, user, dovecot_server.password, DovecotAdministrator(dovecot_server)
    )
    yield account
    account.close()


@pytest.fixture(params=["pymap", pytest.param("dovecot", marks=pytest.mark.dovecot)])
def imap_server(request: pytest.FixtureRequest) -> Account:
    """An empty mailbox, on each server in turn."""
    account: Account = request.getfixturevalue(f"{request.param}_account")
    return account


@pytest.fixture
def flaky_proxy() -> Iterator[Callable[[int], FlakyProxy]]:
    """Makes proxies before a port of loopback."""
    with ExitStack() as opened:
        yield lambda target: opened.enter_context(FlakyProxy(target))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    yield from _at_work("PostgreSQL", find_postgres(), Postgres)


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> str:
    """The URL of an empty database."""
    return postgres_server.create()


@pytest.fixture
def dovecot_maildir(dovecot_server: Dovecot, dovecot_account: Account) -> Path:
    """The Maildir behind ``dovecot_account``, for delivery past IMAP."""
    return dovecot_server.maildir(dovecot_account.user)
