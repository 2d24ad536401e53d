"""Logging in to the mailbox by an access token: which mechanism, what is answered to a refusal, what is never told."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ingest import wiring
from ingest.config import parse_settings
from ingest.imap import connect
from ingest.mailbox import ImapSettings
from policies.errors import ConductError, Unavailable, WrongUsage
from tests.servers.account import Account
from tests.servers.tokens import TokenDoor

TOKEN = "ya29.invented-token"
Doors = Callable[..., TokenDoor]


@pytest.fixture
def doors(imap_server: Account) -> Iterator[Doors]:
    """Makes doors before a mailbox of pymap and of Dovecot."""
    with ExitStack() as opened:

        def make(*mechanisms: str, in_line: bool = True, accepted: tuple[str, ...] = (TOKEN,)) -> TokenDoor:
            login = (imap_server.user, imap_server.password)
            door = TokenDoor(imap_server.port, login, mechanisms=mechanisms, accepted=accepted, in_line=in_line)
            return opened.enter_context(door)

        yield make


def place(door: TokenDoor) -> ImapSettings:
    return ImapSettings("127.0.0.1", door.port, "conduct@example.org", tls="none", read_seconds=5)


def refusal(door: TokenDoor, token: str = "stale") -> ConductError:
    """The error of a login that fails; nothing of the token or of the server's words is in it."""
    with pytest.raises(ConductError) as caught:
        connect(place(door), token, is_token=True)
    assert token not in str(caught.value)
    assert "marker" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("in_line", [True, False])
@pytest.mark.parametrize(
    ("offered", "taken", "message"),
    [
        (("XOAUTH2",), "XOAUTH2", "user=conduct@example.org\1auth=Bearer {}\1\1"),
        (
            ("XOAUTH2", "OAUTHBEARER"),
            "OAUTHBEARER",
            "n,a=conduct@example.org,\1host=127.0.0.1\1port={port}\1auth=Bearer {}\1\1",
        ),
    ],
)
def test_the_better_mechanism_is_taken(
    doors: Doors, offered: tuple[str, ...], taken: str, message: str, in_line: bool
) -> None:
    door = doors(*offered, "PLAIN", in_line=in_line)

    mailbox = connect(place(door), TOKEN, is_token=True)

    assert mailbox.select("INBOX").exists == 0
    assert "IDLE" in mailbox.capabilities()
    assert door.messages == [(taken, message.format(TOKEN, port=door.port).encode())]
    mailbox.close()


@pytest.mark.parametrize("in_line", [True, False])
@pytest.mark.parametrize(("mechanism", "after"), [("XOAUTH2", b""), ("OAUTHBEARER", b"AQ==")])
def test_the_challenge_of_a_refusal_is_answered_without_the_token(
    doors: Doors, caplog: pytest.LogCaptureFixture, mechanism: str, after: bytes, in_line: bool
) -> None:
    door = doors(mechanism, in_line=in_line)
    caplog.set_level(logging.DEBUG)

    error = refusal(door)

    assert isinstance(error, Unavailable)
    assert error.code == "token-refused"
    assert "Sign in anew" in error.hint
    assert door.after == [after]
    assert "stale" not in caplog.text
    assert "marker" not in caplog.text


def test_a_server_without_tokens_is_told_no_token(doors: Doors) -> None:
    door = doors("PLAIN")

    error = refusal(door)

    assert isinstance(error, WrongUsage)
    assert error.code == "no-oauth"
    assert door.messages == []


def test_a_token_too_long_for_the_line_goes_in_its_own(doors: Doors) -> None:
    long = "t" * 9000
    door = doors("XOAUTH2", in_line=False, accepted=(long,))
    door._told = "SASL-IR " + door._told

    connect(place(door), long, is_token=True).close()

    assert len(door.messages[0][1]) > 9000


def _settings(folder: Path, door: TokenDoor, script: str) -> Path:
    program = folder / "token.py"
    program.write_text(script)
    (folder / "conduct.toml").write_text(
        f'address = "conduct@example.org"\ntrial = true\n[imap]\nhost = "127.0.0.1"\nport = {door.port}\n'
        f'tls = "none"\nuser = "conduct@example.org"\ntoken_command = ["{sys.executable}", "{program}"]\n'
    )
    return folder / "conduct.toml"


def test_a_refused_token_is_asked_for_once_more(doors: Doors, tmp_path: Path) -> None:
    door = doors("XOAUTH2")
    once = tmp_path / "once"
    file = _settings(
        tmp_path,
        door,
        "import pathlib\n"
        f"once = pathlib.Path({str(once)!r})\n"
        f"print({TOKEN!r} if once.exists() else 'expired'); once.touch()\n",
    )

    wiring.connect(parse_settings(file.read_text(), file), {}).close()

    assert [b"expired" in message for _, message in door.messages] == [True, False]


def test_a_token_refused_twice_is_an_error_that_says_what_to_do(doors: Doors, tmp_path: Path) -> None:
    door = doors("XOAUTH2")
    file = _settings(tmp_path, door, "print('expired')\n")

    with pytest.raises(Unavailable) as caught:
        wiring.connect(parse_settings(file.read_text(), file), {})

    assert caught.value.code == "token-refused"
    assert len(door.messages) == 2
