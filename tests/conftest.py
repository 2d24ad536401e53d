"""What holds for every test: no network beyond this host, no home of anybody's, no settings from outside."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# The servers' fixtures are a plugin of their own, so that each is started only where a test asks for it.
pytest_plugins = ["tests.servers.fixtures"] if find_spec("tests.servers.fixtures") is not None else []

# Whoever starts the tests in the background makes these ignored (nohup, a shell's &), and every child inherits that.
for _number, _usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# Examples are found afresh in every run and written nowhere; a busy machine is no failure.
hypothesis.settings.register_profile("conduct", deadline=None, database=None, print_blob=True)
hypothesis.settings.load_profile("conduct")

_real_connect = socket.socket.connect
_real_connect_ex = socket.socket.connect_ex
_real_getaddrinfo = socket.getaddrinfo


class NetworkForbiddenError(RuntimeError):
    """Raised when a test would leave this host."""


def _refuse_beyond_loopback(place: Any) -> None:
    if not isinstance(place, tuple):
        return  # a path of a Unix socket
    host = place[0].decode() if isinstance(place[0], bytes) else str(place[0] or "localhost")
    try:
        is_here = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise NetworkForbiddenError("a test tried to reach beyond this host")


def _connect(self: socket.socket, place: Any) -> None:
    _refuse_beyond_loopback(place)
    _real_connect(self, place)


def _connect_ex(self: socket.socket, place: Any) -> int:
    _refuse_beyond_loopback(place)
    return _real_connect_ex(self, place)


def _getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    if host is not None and host not in ("", "0.0.0.0", "::", socket.gethostname()):  # noqa: S104 - listening is allowed
        _refuse_beyond_loopback((host, 0))
    return _real_getaddrinfo(host, *args, **kwargs)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect)
        patch.setattr(socket.socket, "connect_ex", _connect_ex)
        patch.setattr(socket, "getaddrinfo", _getaddrinfo)
        yield


@pytest.fixture(autouse=True)
def _nobody_at_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home folder of the test's own, made only when something is written there; none of our variables."""
    person = tmp_path_factory.getbasetemp() / f"person-{os.getpid()}-{next(_numbers)}"
    for name in list(os.environ):
        if name.startswith(("CONDUCT_", "XDG_", "_CONDUCT")) and name != "CONDUCT_REQUIRE_SERVERS":
            monkeypatch.delenv(name)
    for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, folder in (("HOME", ""), ("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".local/share")):
        monkeypatch.setenv(name, str(person / folder))
    umask = os.umask(0o077)
    yield
    os.umask(umask)


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


_numbers = _count()


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    """A closed folder with the smallest conduct.toml: a trial home without a mailbox, and no stores yet."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    (folder / "conduct.toml").write_text('address = "conduct@example.org"\ntrial = true\n')
    return folder
