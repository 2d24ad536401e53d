"""Logging in: TLS that verifies, what is refused before the password is sent, and errors that say nothing secret."""

from __future__ import annotations

import dataclasses
import logging
import traceback
from pathlib import Path

import pytest

from ingest.imap import connect
from ingest.mailbox import ImapSettings, Tls
from policies.errors import ConductError, Unavailable, WrongUsage
from tests.servers.account import Account
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.embedded import EmbeddedProcess, embedded_imap
from tests.servers.ports import free_port
from tests.servers.scripted import ScriptedImap

SECRET = "an-invented-secret"


def refusal(settings: ImapSettings, password: str = SECRET) -> ConductError:
    """The error of a login that fails; nothing of the password is in it."""
    with pytest.raises(ConductError) as caught:
        connect(settings, password).close()
    shown = "".join(traceback.format_exception(caught.value))
    assert password not in str(caught.value)
    assert password not in shown.replace("connect(settings, password)", "")
    return caught.value


def settings_for(port: int, tls: Tls = "none", ca_file: Path | None = None, host: str = "127.0.0.1") -> ImapSettings:
    return ImapSettings(host, port, "user", tls=tls, connect_seconds=2, read_seconds=2, ca_file=ca_file)


@pytest.mark.dovecot
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_with_a_private_authority(dovecot_server: Dovecot, tls: Tls, host: str) -> None:
    port = dovecot_server.tls_port if tls == "implicit" else dovecot_server.port
    mailbox = connect(settings_for(port, tls, dovecot_server.certificates.authority, host), dovecot_server.password)

    assert mailbox.select("INBOX").exists == 0
    mailbox.close()


def test_starttls_on_pymap(pymap_tls_server: EmbeddedProcess, certificates: Certificates) -> None:
    where = pymap_tls_server.where
    settings = dataclasses.replace(settings_for(where.port, "starttls", certificates.authority), user=where.user)

    connect(settings, where.password).close()


@pytest.mark.dovecot
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(dovecot_server: Dovecot, tls: Tls) -> None:
    port = dovecot_server.tls_port if tls == "implicit" else dovecot_server.port

    assert refusal(settings_for(port, tls)).code == "certificate"


@pytest.mark.dovecot
def test_another_authority_is_refused(dovecot_server: Dovecot, tmp_path: Path) -> None:
    other = make_certificates(tmp_path)

    assert refusal(settings_for(dovecot_server.tls_port, "implicit", other.authority)).code == "certificate"


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    made = make_certificates(tmp_path, names=("mail.example.org",))
    server = EmbeddedProcess(["--certificate", str(made.certificate), "--key", str(made.key)])

    assert refusal(settings_for(server.where.port, "starttls", made.authority)).code == "certificate"
    server.stop()


def test_a_wrong_password_is_refused(imap_server: Account) -> None:
    error = refusal(imap_server.settings, "not-the-password")

    assert isinstance(error, Unavailable)
    assert error.code == "login-refused"
    assert error.exit_status == 4


@pytest.mark.dovecot
def test_a_login_in_any_script(dovecot_server: Dovecot) -> None:
    settings = dataclasses.replace(settings_for(dovecot_server.port), user="sälly")

    assert refusal(settings, "Paßwort").code == "login-refused"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_server_without_tls_is_refused(pymap_server: EmbeddedProcess, tls: Tls) -> None:
    assert refusal(settings_for(pymap_server.where.port, tls)).code == "no-tls"


def test_a_server_that_wants_tls_gets_no_password_without(pymap_tls_server: EmbeddedProcess) -> None:
    error = refusal(settings_for(pymap_tls_server.where.port, "none"))

    assert error.code in {"no-tls", "login-refused"}


def test_no_tls_is_for_this_machine_only() -> None:
    error = refusal(settings_for(143, "none", host="mail.example.org"))

    assert isinstance(error, WrongUsage)
    assert error.code == "tls-none"


@pytest.mark.parametrize("content", [None, b"", b"no certificate\n"])
def test_an_authority_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_bytes(content)

    error = refusal(settings_for(993, "implicit", ca_file))

    assert isinstance(error, WrongUsage)
    assert error.code == "ca-file"


def test_nobody_there() -> None:
    assert refusal(settings_for(free_port())).code == "mailbox-unreachable"


@pytest.mark.dovecot
def test_a_tls_port_spoken_to_without_tls(dovecot_server: Dovecot) -> None:
    assert refusal(settings_for(dovecot_server.tls_port, "none")).code == "mailbox-unreachable"


def test_settings_show_no_user() -> None:
    assert "sally" not in repr(ImapSettings("mail.example.org", 993, "sally@example.org"))


@pytest.mark.parametrize(
    "greeting",
    [b"* BYE too busy for an-invented-secret\r\n", b"220 mail.example.org ESMTP\r\n", b"\xff\xfe\r\n", b"* OK\n", b""],
)
def test_what_greets_like_no_mail_server(greeting: bytes) -> None:
    with ScriptedImap({}, greeting) as server:
        assert refusal(settings_for(server.port)).code == "mailbox-unreachable"


@pytest.mark.parametrize(
    ("login", "code"),
    [
        (b"%s NO [AUTHENTICATIONFAILED] an-invented-secret is wrong\r\n", "login-refused"),
        (b"%s BAD an-invented-secret\r\n", "login-refused"),
        (b"%s NO [UNAVAILABLE] an-invented-secret, later\r\n", "mailbox-unreachable"),
        (b"* BYE an-invented-secret\r\n", "mailbox-unreachable"),
    ],
)
def test_the_servers_words_are_not_repeated(login: bytes, code: str) -> None:
    with ScriptedImap({"LOGIN": login}) as server:
        assert refusal(settings_for(server.port)).code == code


def test_login_is_quoted() -> None:
    """The library sends the user as it is: a space would begin the password."""
    with ScriptedImap({}) as server:
        settings = dataclasses.replace(settings_for(server.port), user='a "b\\ c')
        connect(settings, 'p"q').close()

        assert b' LOGIN "a \\"b\\\\ c" "p\\"q"\r\n' in b"".join(server.received)


def test_a_server_that_disables_login_gets_no_password() -> None:
    with ScriptedImap({"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%s OK -\r\n"}) as server:
        assert refusal(settings_for(server.port)).code == "no-tls"
        assert not any(SECRET.encode() in line for line in server.received)


@pytest.mark.parametrize(
    ("greeting", "starttls"),
    [
        (b"* PREAUTH welcome\r\n", b"%s OK begin\r\n"),  # CVE-2020-12398: logged in already, so TLS is skipped
        (b"* OK ready\r\n", b"%s NO not today\r\n"),
        (b"* OK ready\r\n", b"%s BAD what\r\n"),
        (b"* OK ready\r\n", b"%s OK begin\r\n* OK injected\r\n"),
    ],
)
def test_starttls_cannot_be_talked_away(greeting: bytes, starttls: bytes) -> None:
    script: dict[str, bytes] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%s OK -\r\n", "STARTTLS": starttls,
    }  # fmt: skip
    with ScriptedImap({**script}, greeting) as server:
        assert refusal(settings_for(server.port, "starttls")).code in {"no-tls", "mailbox-unreachable"}
        assert not any(b"LOGIN" in line.upper() for line in server.received)


def test_loggers_made_before_are_quietened() -> None:
    before = logging.getLogger("imapclient.response_parser")
    before.setLevel(logging.DEBUG)

    with embedded_imap() as where:
        connect(ImapSettings(where.host, where.port, where.user, tls="none"), where.password).close()

    assert before.level == logging.WARNING
    assert logging.getLogger("imapclient.util").level == logging.ERROR
