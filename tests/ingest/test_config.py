"""conduct.toml: what it may say, errors that name file and key, secrets, and the file that is first written."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingest.config import TABLES, Settings, load_settings, parse_settings, store_urls
from ingest.config_file import POLICY_KEYS, compose_settings, write_settings
from ingest.config_sections import is_loopback, socket_of
from ingest.home import Home
from ingest.passwords import read_password
from policies.errors import ConductError, Unavailable, WrongUsage

FILE = Path("/home/of/conduct.toml")
SMALL = 'address = "conduct@example.org"\n'
IMAP = SMALL + '[imap]\nhost = "127.0.0.1"\nuser = "conduct"\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A closed folder."""
    tmp_path.chmod(0o700)
    return Home(tmp_path, tmp_path)


# ------------------------------------------------------------ reading


def test_smallest_file_has_a_default_for_everything() -> None:
    settings = parse_settings(SMALL, FILE)

    assert settings == Settings(address="conduct@example.org")
    assert (settings.policy, settings.trial, settings.imap, settings.recovery) == ("django", False, None, None)


def test_mailbox_has_defaults() -> None:
    imap = parse_settings(IMAP, FILE).imap

    assert imap is not None
    assert (imap.actual_port, imap.tls, imap.folders) == (993, "implicit", ("INBOX", "Sent"))


@pytest.mark.parametrize(("tls", "port"), [("implicit", 993), ("starttls", 143), ("none", 143)])
def test_port_follows_from_tls(tls: str, port: int) -> None:
    imap = parse_settings(IMAP + f'tls = "{tls}"\n', FILE).imap

    assert imap is not None
    assert imap.actual_port == port


def test_relative_paths_start_at_the_file() -> None:
    imap = parse_settings(IMAP + 'password_file = "pw"\nca_file = "/etc/ca.pem"\n', FILE).imap

    assert imap is not None
    assert (imap.password_file, imap.ca_file) == (Path("/home/of/pw"), Path("/etc/ca.pem"))


COMPLAINTS = [
    ("", "conduct.toml: address: is missing"),
    (IMAP + "prot = 993", 'conduct.toml: imap.prot: unknown key; did you mean "port"?'),
    (IMAP + "zzzz = 1", "conduct.toml: imap.zzzz: unknown key"),
    (SMALL + 'adress = "a@b.org"', 'conduct.toml: adress: unknown key; did you mean "address"?'),
    (SMALL + "[store]\nurl = 'x'", "conduct.toml: store.url: unknown key"),
    (IMAP + 'port = "x"', "imap.port: must be a whole number"),
    (IMAP + "port = 0", "imap.port: must be greater than or equal to 1"),
    (IMAP + "port = 65536", "imap.port: must be less than or equal to 65535"),
    (IMAP + 'tls = "maybe"', "imap.tls: must be 'implicit', 'starttls' or 'none'"),
    (IMAP + 'password_command = "pass show x"', "imap.password_command: must be a list"),
    (IMAP + "password_command = []", "imap.password_command: must name a program"),
    (IMAP + "folders = []", "imap.folders: must not be empty"),
    (IMAP + 'password_file = "a"\npassword_command = ["b"]', "exclude each other"),
    ("address = 3", "address: must be a text in quotes"),
    ('address = "conduct"', "address: must be a mail address"),
    ('address = "a@b.org\\nBcc: c@d.org"', "address: must be a mail address"),
    ('address = "a@b.org, c@d.org"', "address: must be a mail address"),
    (SMALL + 'board = "somebody"', "board: must be a mail address"),
    (SMALL + "imap = 3", "imap: must be a table"),
    (SMALL + 'trial = "perhaps"', "trial: must be true or false"),
    (SMALL + "[imap]\nhost='imap.example.org'\nuser='u'\ntls='none'", "accepted for a server on this host only"),
    (SMALL + "trial = true\n[imap]\nhost='imap.example.org'\nuser='u'", "takes mail servers on this host only"),
    ("address = ", "conduct.toml: Invalid value"),
    ("a = 1\na = 2", "conduct.toml: Cannot overwrite a value"),
]


@pytest.mark.parametrize(("text", "complaint"), COMPLAINTS)
def test_what_is_wrong_is_named_by_file_and_key(text: str, complaint: str) -> None:
    with pytest.raises(WrongUsage) as caught:
        parse_settings(text, FILE)

    assert complaint in caught.value.sentence
    assert str(FILE) in caught.value.hint
    assert caught.value.code == "bad-configuration"


def test_all_complaints_come_at_once() -> None:
    with pytest.raises(WrongUsage) as caught:
        parse_settings(IMAP + 'prot = 1\ntls = "x"', FILE)

    assert len(caught.value.sentence.splitlines()) == 2


def test_complaint_never_shows_the_value() -> None:
    with pytest.raises(WrongUsage) as caught:
        parse_settings(IMAP + 'password = "hunter-two"\nport = "hunter-two"\ntls = "hunter-two"', FILE)

    assert "hunter-two" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_settings_show_nothing_of_what_they_say() -> None:
    settings = parse_settings(IMAP, FILE)

    assert "example.org" not in f"{settings} {settings!r} {settings.imap!r}"


def test_policy_answers_are_passed_on_as_they_are() -> None:
    settings = parse_settings(SMALL + 'recovery = "records"\n[retention]\nclock = "reported"\nnew_key = 3', FILE)

    assert (settings.recovery, settings.retention) == ("records", {"clock": "reported", "new_key": 3})


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "", "::"])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("listen", "path"),
    [
        ("unix:/run/conduct/gateway", "/run/conduct/gateway"),
        ("127.0.0.1:25", None),
        ("unix:25", None),
        ("[::1]:25", None),
    ],
)
def test_a_socket_or_a_port(listen: str, path: str | None) -> None:
    assert socket_of(listen) == (Path(path) if path else None)


def test_a_socket_needs_no_certificate_and_may_go_without_login() -> None:
    settings = parse_settings(SMALL + '[gateway]\nlisten = "unix:/run/conduct/gateway"\nlogin = "none"', FILE)

    assert settings.gateway.listen == "unix:/run/conduct/gateway"


@pytest.mark.parametrize("listen", ["unix:", "unix:conduct/gateway", "unix"])
def test_a_socket_without_its_whole_path_is_refused(listen: str) -> None:
    with pytest.raises(WrongUsage, match=r"gateway\.listen"):
        parse_settings(SMALL + f'[gateway]\nlisten = "{listen}"', FILE)


def test_missing_file_says_how_to_begin(home: Home) -> None:
    with pytest.raises(WrongUsage, match="conduct init") as caught:
        load_settings(home)

    assert caught.value.code == "no-home"


def test_file_that_is_no_utf8_is_refused(home: Home) -> None:
    home.settings_file.write_bytes(b'address = "\xff@b.org"')

    with pytest.raises(WrongUsage, match="UTF-8"):
        load_settings(home)


def test_stores_lie_in_the_home_unless_said_otherwise(home: Home) -> None:
    settings = parse_settings(SMALL + '[store]\nkeys_url = "postgresql+psycopg:///keys"', FILE)

    assert store_urls(home, settings) == (f"sqlite:///{home.content}", "postgresql+psycopg:///keys")


def test_password_in_a_store_address_asks_for_a_closed_file(home: Home) -> None:
    home.settings_file.write_text(SMALL + '[store]\ncontent_url = "postgresql+psycopg://u:secret@db/x"')
    home.settings_file.chmod(0o640)

    with pytest.raises(WrongUsage) as caught:
        load_settings(home)

    assert caught.value.code == "loose-mode"


# ------------------------------------------------------------ the password


def _imap(more: str, home: Home) -> Any:
    return parse_settings(IMAP + more, home.settings_file).imap


def test_password_is_the_first_line_of_a_file(home: Home) -> None:
    (home.root / "pw").write_text("open sesame \nnot this\n")
    (home.root / "pw").chmod(0o600)

    assert read_password(_imap('password_file = "pw"', home), "imap", {}) == "open sesame "


def test_password_file_that_a_container_hands_over_is_read_whatever_its_mode(home: Home) -> None:
    """`conduct poll` warns of it, and `config check` and `doctor` call it a problem."""
    (home.root / "pw").write_text("x\n")
    (home.root / "pw").chmod(0o640)

    assert read_password(_imap('password_file = "pw"', home), "imap", {}) == "x"


def _command(code: str) -> str:
    return "password_command = " + json.dumps([sys.executable, "-c", code])


def test_password_is_the_first_line_of_a_command_run_without_a_shell(home: Home) -> None:
    assert read_password(_imap(_command('print("$HOME;x\\nsecond")'), home), "imap", {}) == "$HOME;x"


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)"])
def test_command_that_fails_makes_the_mailbox_unavailable(home: Home, code: str) -> None:
    with pytest.raises(Unavailable, match=r"imap\.password_command"):
        read_password(_imap(_command(code), home), "imap", {})


def test_command_that_does_not_exist_makes_the_mailbox_unavailable(home: Home) -> None:
    with pytest.raises(Unavailable, match="cannot be run"):
        read_password(_imap("password_command = ['/no/such/program']", home), "imap", {})


def test_what_a_program_chatters_reaches_no_journal(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    chatty = _command("import sys; print('tok-1'); print('got tok-1', file=sys.stderr)")

    assert read_password(_imap(chatty, home), "imap", {}) == "tok-1"
    assert capfd.readouterr() == ("", "")


def test_command_that_never_answers_is_stopped(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.passwords.COMMAND_SECONDS", 0.2)

    with pytest.raises(Unavailable, match="no answer"):
        read_password(_imap(_command("import time; time.sleep(30)"), home), "imap", {})


def test_credential_of_systemd_comes_first(home: Home) -> None:
    (home.root / "imap-password").write_text("credential\n")

    assert (
        read_password(_imap(_command("print(1)"), home), "imap", {"CREDENTIALS_DIRECTORY": str(home.root)})
        == "credential"
    )


def test_no_password_anywhere_is_wrong_usage(home: Home) -> None:
    with pytest.raises(WrongUsage, match="password_file"):
        read_password(_imap("", home), "imap", {})


# ------------------------------------------------------------ writing

VALUES: dict[str, Any] = {
    "address": "conduct@example.org",
    "aliases": ["coc@example.org"],
    "trial": True,
    "recovery": "all",
    "imap": {"host": "127.0.0.1", "user": 'odd "user"\\', "tls": "none", "port": 10143},
    "retention": {"grace_days": 3},
}


def test_written_file_reads_back_as_what_was_meant() -> None:
    assert tomllib.loads(compose_settings(VALUES)) == {
        **VALUES,
        "outgoing": {},
        "gateway": {},
        "service": {},
        "store": {},
    }
    parse_settings(compose_settings(VALUES), FILE)


def test_every_key_stands_in_the_file_with_its_reason() -> None:
    lines = compose_settings(VALUES).splitlines()
    keys = [*Settings.model_fields, "host", "port", "ca_file", "content_url", *(key for key, _, _ in POLICY_KEYS)]

    for key in (key for key in keys if key not in {*TABLES, "retention"}):
        place = next(n for n, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{key} = "))
        assert lines[place - 1].startswith("# "), key


def test_file_stays_valid_when_every_comment_is_made_a_key() -> None:
    """Whoever takes a # away gets what the comment says."""
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in compose_settings(VALUES).splitlines()
    ]
    text = "\n".join(line for line in lines if not line.startswith(("password_command", "token_command")))

    text = text.replace("smtp.example.org", "127.0.0.1")  # a trial home sends to this host only
    assert parse_settings(text, FILE).board == "board@example.org"


def test_file_without_a_mailbox_is_valid() -> None:
    assert parse_settings(compose_settings({"address": "conduct@example.org"}), FILE).imap is None


def test_settings_are_written_whole_and_closed(home: Home) -> None:
    write_settings(home, VALUES)

    assert load_settings(home).aliases == ("coc@example.org",)
    assert home.settings_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in home.root.iterdir()] == ["conduct.toml"]


def test_settings_that_would_not_load_are_not_written(home: Home) -> None:
    with pytest.raises(ConductError, match="address"):
        write_settings(home, {"address": "nobody"})

    assert list(home.root.iterdir()) == []
