"""The throwaway servers themselves: they start, stop, start again, and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from ingest.imap import connect
from ingest.mailbox import ImapSettings
from tests.servers.account import ARRIVED
from tests.servers.dovecot import Dovecot
from tests.servers.embedded import ROOT, embedded_imap
from tests.servers.ports import not_installed


def test_the_embedded_server_runs_until_its_stdin_closes() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.embedded", "--port", "0", "--print"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    where = json.loads(process.stdout.readline())

    connect(ImapSettings(where["host"], where["port"], where["user"], tls="none"), where["password"]).close()
    process.communicate(timeout=5)

    assert process.returncode == 0


def test_the_embedded_server_starts_quickly_and_keeps_dates() -> None:
    start = time.monotonic()
    with embedded_imap(user="conduct@example.org", password="one two") as where:
        assert time.monotonic() - start < 5
        mailbox = connect(ImapSettings(where.host, where.port, where.user, tls="none"), where.password)
        uid = mailbox.append("INBOX", b"Subject: x\r\n\r\nx\r\n", ARRIVED)
        assert uid is not None
        mailbox.select("INBOX")
        overview = mailbox.overview([uid])[uid]
        mailbox.close()

    assert overview is not None
    assert overview.internaldate == ARRIVED


@pytest.mark.dovecot
def test_dovecot_keeps_its_mail_over_a_restart(own_dovecot: Dovecot) -> None:
    settings = ImapSettings("127.0.0.1", own_dovecot.port, "somebody", tls="none")
    own_dovecot.deliver("somebody", b"Subject: x\n\nx\n", "1764000000.M1P1.host")

    own_dovecot.stop()
    own_dovecot.start()

    mailbox = connect(settings, own_dovecot.password)
    assert mailbox.select("INBOX").exists == 1
    mailbox.close()


@pytest.mark.dovecot
@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_dovecot_runs_for_a_user_without_rights(dovecot_server: Dovecot) -> None:
    # After the imports: the interpreter itself may lie where nobody else may read.
    script = (
        "import encodings.idna, os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.servers.dovecot import Dovecot; from ingest.imap import connect\n"
        "from ingest.mailbox import ImapSettings\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "server = Dovecot()\n"
        "try:\n    server.start()\n"
        "    mailbox = connect(ImapSettings('127.0.0.1', server.port, 'x', tls='none'), server.password)\n"
        "    print(mailbox.select('INBOX').exists)\nfinally:\n    server.remove()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(ROOT)], capture_output=True, text=True, check=False, cwd="/"
    )

    assert done.stdout == "0\n", done.stderr


@pytest.mark.postgres
def test_each_test_has_a_database_of_its_own(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text("create table t (x int)"))
        connection.execute(sa.text("insert into t values (1)"))
        assert connection.execute(sa.text("select count(*) from t")).scalar() == 1
        assert connection.execute(sa.text("show server_encoding")).scalar() == "UTF8"
    engine.dispose()


@pytest.mark.postgres
def test_no_table_of_another_test_is_there(postgres_url: str) -> None:
    engine = sa.create_engine(postgres_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_missing_server_skips_unless_it_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONDUCT_REQUIRE_SERVERS", raising=False)
    with pytest.raises(pytest.skip.Exception):
        not_installed("Dovecot")
    monkeypatch.setenv("CONDUCT_REQUIRE_SERVERS", "1")
    with pytest.raises(pytest.fail.Exception):
        not_installed("Dovecot")
