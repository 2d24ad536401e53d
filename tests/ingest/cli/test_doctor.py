"""``conduct doctor``: each thing that can be wrong is found, named and given a remedy; what cannot be seen is said."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli_runner import call_conduct
from tests.scenes import ARRIVED, CONDUCT, Scene, mail_from
from tests.servers.account import Account
from tests.servers.sink import Sink

REPORT = mail_from("Ada Moss <ada@mail.example>", "Shouting at the sprint")


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account) -> Scene:
    """A committee with a mailbox on pymap."""
    return Scene.found(tmp_path, pymap_account)


@pytest.fixture
def alone(tmp_path: Path) -> Scene:
    """A committee without a mailbox."""
    return Scene.found(tmp_path)


def _checks(scene: Scene, **options: Any) -> list[dict[str, str]]:
    checks: list[dict[str, str]] = scene.conduct("doctor", "--json", **options).json["checks"]
    return checks


def _states(scene: Scene, check: str, **options: Any) -> set[str]:
    return {each["state"] for each in _checks(scene, **options) if each["check"] == check}


def _said(scene: Scene, check: str, **options: Any) -> str:
    return " ".join(each["message"] + each["hint"] for each in _checks(scene, **options) if each["check"] == check)


def test_a_sound_home_has_no_problem(scene: Scene) -> None:
    scene.deliver(REPORT)
    scene.poll()

    answer = scene.conduct("doctor", "--json").done(0).json

    states = {each["check"]: each["state"] for each in answer["checks"] if each["state"] == "ok"}
    expected = {"packages", "modes", "owners", "identity", "configuration", "policy", "store", "audit", "members"}
    assert expected | {"mail", "poll", "cases", "retention", "mailbox", "folders", "disk"} <= set(states)


def test_text_is_one_line_a_finding(scene: Scene) -> None:
    out = scene.conduct("doctor").done().out

    assert len(out.splitlines()) == len(_checks(scene))
    assert out.startswith("ok ")


def test_it_asks_for_no_passphrase_and_changes_nothing(scene: Scene) -> None:
    for person in scene.members:
        person.passphrase_file.unlink()
    scene.deliver(REPORT)
    before = {path: path.read_bytes() for path in scene.home.root.rglob("*.db")}

    call_conduct("doctor", home=scene.home.root).done()

    assert {path: path.read_bytes() for path in scene.home.root.rglob("*.db")} == before


def test_it_names_nobody_from_outside(scene: Scene) -> None:
    scene.deliver(REPORT)
    scene.poll()

    said = scene.conduct("doctor").done()

    assert not any(word in said.out + said.err for word in ("ada", "Moss", "Shouting"))


# ------------------------------------------------------------ files


@pytest.mark.parametrize(
    ("name", "mode", "check"),
    [
        ("", 0o755, "modes"),
        ("content.db", 0o644, "modes"),
        ("keys.db", 0o640, "modes"),
        ("server.key", 0o644, "modes"),
        ("conduct.toml", 0o622, "modes"),
        ("imap.password", 0o644, "configuration"),
    ],
)
def test_file_open_to_others_is_a_problem_with_the_chmod(alone: Scene, name: str, mode: int, check: str) -> None:
    settings = alone.home.settings_file
    settings.write_text(
        settings.read_text() + '\n[imap]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\nuser = "x"\n'
        'password_file = "imap.password"\n'
    )
    (alone.home.root / name).chmod(mode)

    said = _said(alone, check)

    assert "chmod" in said
    assert str(alone.home.root / name) in said
    assert "problem" in _states(alone, check)


def test_every_loose_file_is_named_and_the_rest_is_looked_at(alone: Scene) -> None:
    for name in ("content.db", "keys.db"):
        (alone.home.root / name).chmod(0o666)

    checks = _checks(alone)

    assert sum(each["check"] == "modes" and each["state"] == "problem" for each in checks) == 2
    assert {"store", "audit", "members"} <= {each["check"] for each in checks}


@pytest.mark.parametrize("which", ["identity", "passphrase_file"])
def test_secret_of_a_member_that_others_read_is_a_problem(alone: Scene, which: str) -> None:
    file: Path = getattr(alone.members[0], which)
    file.chmod(0o644)

    assert f"chmod 600 {file}" in _said(alone, "identity")
    assert alone.conduct("doctor").status == 1


def test_without_identity_it_says_so_and_goes_on(alone: Scene) -> None:
    checks = call_conduct("doctor", "--json", home=alone.home.root).json["checks"]

    assert ("identity", "note") in {(each["check"], each["state"]) for each in checks}
    assert ("audit", "ok") in {(each["check"], each["state"]) for each in checks}


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_file_of_somebody_else_is_a_problem(alone: Scene) -> None:
    os.chown(alone.home.content, 65534, -1)

    assert "chown" in _said(alone, "owners")


@pytest.mark.parametrize("name", ["backups", "keys.db.bak", "old/keys-2026-01-01.sqlite"])
def test_backup_inside_the_home_is_a_problem(alone: Scene, name: str) -> None:
    copy = alone.home.root / name
    copy.parent.mkdir(exist_ok=True)
    if name == "backups":
        copy.mkdir()
    else:
        shutil.copy(alone.home.keys, copy)

    assert str(copy) in _said(alone, "backups")
    assert alone.conduct("doctor").status == 1


def test_backups_elsewhere_are_said_to_be_out_of_sight(alone: Scene) -> None:
    said = _said(alone, "backups")

    assert "30 days" in said
    assert _states(alone, "backups") == {"note"}


def test_no_home_at_all_is_a_problem(tmp_path: Path) -> None:
    said = call_conduct("doctor", home=tmp_path / "nowhere").done(1)

    assert "conduct init" in said.out
    assert not (tmp_path / "nowhere").exists()


# ------------------------------------------------------------ configuration and policy


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("adress = 1\n", "configuration", "adress"),
        ("[retention]\nclok = 1\n", "policy", "retention.clok"),
        ('[retention]\nextension = "sum"\n', "policy", "retention.extension"),
    ],
)
def test_wrong_key_is_named(alone: Scene, text: str, check: str, words: str) -> None:
    settings = alone.home.settings_file
    wrong = settings.read_text().replace("[retention]\n", "")
    settings.write_text(text + wrong if check == "configuration" else wrong + text)

    assert words in _said(alone, check)
    assert alone.conduct("doctor").status == 1


# ------------------------------------------------------------ stores


def _overwrite(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : len(content) - 4096] = os.urandom(len(content) - 8192)
    file.write_bytes(content)


def _become_newer(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version_content SET version_num = '9999'")
    connection.close()


@pytest.mark.parametrize("ruin", [Path.unlink, _overwrite, _become_newer])
def test_store_that_cannot_be_used_is_unavailable(alone: Scene, ruin: Callable[[Path], None]) -> None:
    ruin(alone.home.content)

    assert "unavailable" in _states(alone, "store") | _states(alone, "audit")
    assert alone.conduct("doctor").status == 4


def test_tampered_chain_is_a_problem(alone: Scene) -> None:
    with sqlite3.connect(alone.home.content) as connection:
        connection.execute("UPDATE audit SET about = 'somebody else' WHERE number = 2")
    connection.close()

    assert "2" in _said(alone, "audit")
    assert alone.conduct("doctor").status == 1


def test_cut_chain_is_found_by_the_members_own_pin(scene: Scene) -> None:
    scene.deliver(REPORT)
    scene.poll()
    earlier = {path: path.read_bytes() for path in (scene.home.content, scene.home.keys)}
    scene.conduct("mail", "export", "--out", scene.home.root.parent / "out").done()
    for path in scene.home.root.glob("content.db-*"):
        path.unlink()
    for path, content in earlier.items():
        path.write_bytes(content)

    assert "problem" in _states(scene, "audit")


def test_clock_that_ran_backwards_is_a_problem(alone: Scene) -> None:
    said = _said(alone, "clock", on="2025-06-01")

    assert "2026-01-01" in said
    assert alone.conduct("doctor", on="2025-06-01").status == 1


def test_one_member_alone_is_noted(tmp_path: Path) -> None:
    scene = Scene.found(tmp_path, None, ["Priya Raman"])

    assert "conduct member add" in _said(scene, "members")


# ------------------------------------------------------------ mail, drafts, what is due


def test_mail_that_needs_somebody_is_counted(scene: Scene) -> None:
    scene.deliver(b"no header\r\n")
    scene.deliver(mail_from("eve@mail.example", "Of Noor", "I report Noor Haddad.\n"))
    scene.poll()

    said = _said(scene, "mail")

    assert "2 mails are stored" in said
    assert "1 need a member's eyes" in said
    assert "1 are held" in said


def test_mail_of_a_time_without_members_is_counted(tmp_path: Path, pymap_account: Account) -> None:
    scene = Scene.found(tmp_path, pymap_account, starts=ARRIVED + timedelta(days=1), values={"board": "b@example.org"})
    scene.deliver(REPORT)
    scene.poll()

    said = _said(scene, "members")

    assert "1 mails can be opened with the recovery identity alone" in said
    assert "b@example.org" in said


def test_draft_that_waits_too_long_is_named_by_code_name(scene: Scene) -> None:
    scene.deliver(REPORT, datetime.now(UTC) - timedelta(days=8))
    scene.poll()
    case = scene.listed()[0]["case"]

    assert case in _said(scene, "cases")


def test_what_is_due_is_counted(scene: Scene) -> None:
    scene.deliver(mail_from("away@mail.example", "Out of office", headers={"Auto-Submitted": "auto-replied"}))
    scene.poll(on="2026-03-03")

    assert _states(scene, "retention", on="2026-03-04") == {"ok"}
    assert "due to be expunged" in _said(scene, "retention", on="2026-04-03")
    assert _states(scene, "retention", on="2026-04-03") == {"note"}


def test_poll_that_is_long_ago_is_noted(scene: Scene) -> None:
    assert "never" in _said(scene, "poll")
    scene.poll()
    assert _states(scene, "poll") == {"ok"}

    long_ago = time.time() - 3 * 86_400
    os.utime(scene.home.locks / "mailbox.polled", (long_ago, long_ago))
    assert _states(scene, "poll") == {"note"}


def test_a_poll_that_failed_is_none(scene: Scene) -> None:
    (scene.home.root / "imap.password").write_text("wrong\n")
    assert scene.conduct("poll").status == 4

    assert "never" in _said(scene, "poll")


def test_who_has_a_key_of_another_home_is_told_to_name_this_ones(alone: Scene, tmp_path: Path) -> None:
    shutil.copy(alone.members[0].identity, alone.home.identity)
    account = tmp_path / "account"
    elsewhere = account / "conduct" / "identity.key"
    elsewhere.parent.mkdir(parents=True, mode=0o700)
    shutil.copy(alone.home.identity, elsewhere)
    elsewhere.with_suffix(".pin").write_text(json.dumps({"count": 1, "head": "ab" * 32}))

    told = call_conduct("doctor", home=alone.home.root, env={"XDG_CONFIG_HOME": str(account)}).out

    assert f"If {elsewhere} is your key of another home, name this one's with --identity" in told


# ------------------------------------------------------------ the mailbox


def test_server_out_of_reach_is_unavailable(scene: Scene) -> None:
    assert scene.account is not None
    settings = scene.home.settings_file
    settings.write_text(settings.read_text().replace(f"port = {scene.account.port}", "port = 1"))

    assert _states(scene, "mailbox") == {"unavailable"}
    assert scene.conduct("doctor").status == 4


def test_wrong_password_is_unavailable(scene: Scene) -> None:
    (scene.home.root / "imap.password").write_text("another\n")

    assert "password" in _said(scene, "mailbox")
    assert scene.conduct("doctor").status == 4


def test_missing_folder_is_named_and_those_that_are_there(scene: Scene) -> None:
    settings = scene.home.settings_file
    settings.write_text(settings.read_text().replace('# folders = ["INBOX", "Sent"]', 'folders = ["Reports"]'))

    said = _said(scene, "folders")

    assert "Reports" in said
    assert "INBOX" in said


def test_mail_from_the_future_points_at_the_clocks(scene: Scene) -> None:
    scene.deliver(REPORT, datetime.now(UTC) + timedelta(days=2))

    assert _states(scene, "clock") == {"ok", "problem"}


@pytest.mark.dovecot
def test_real_server_shows_what_it_can(tmp_path: Path, dovecot_account: Account) -> None:
    scene = Scene.found(tmp_path, dovecot_account)
    scene.deliver(REPORT)

    assert _states(scene, "capabilities") == {"ok"}
    assert "Junk, Trash" in _said(scene, "folders")
    assert "Polled: INBOX, Sent" in _said(scene, "folders")
    assert dovecot_account.flags() == set()


def test_another_user_is_told_what_was_not_looked_at(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not hold the server's keys cannot log in for the committee."""
    scene.home.server_keys.rename(scene.home.server_keys.with_name("elsewhere"))

    assert _states(scene, "mailbox") == {"note"}
    assert "service" in _said(scene, "mailbox")
    assert scene.conduct("doctor").status == 0


# ------------------------------------------------------------ the smarthost


def _with_smarthost(scene: Scene, port: int, words: str = "") -> None:
    with scene.home.settings_file.open("a") as file:
        file.write(f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\n{words}')


def test_smarthost_is_reached_and_gets_no_mail(alone: Scene) -> None:
    with Sink() as sink:
        _with_smarthost(alone, sink.port)

        assert _states(alone, "smarthost") == {"ok"}
    assert _states(alone, "smarthost") == {"unavailable"}
    assert not sink.taken


def test_wrong_password_for_the_smarthost_is_said(alone: Scene) -> None:
    (alone.home.root / "smtp.password").write_text("another\n")
    (alone.home.root / "smtp.password").chmod(0o600)
    with Sink(user=CONDUCT, password="right") as sink:
        _with_smarthost(alone, sink.port, f'user = "{CONDUCT}"\npassword_file = "smtp.password"\n')
        assert _states(alone, "smarthost") == {"unavailable"}
        assert "password" in _said(alone, "smarthost")
        (alone.home.root / "smtp.password").write_text("right\n")

        assert "Logged in" in _said(alone, "smarthost")


def test_another_user_is_told_that_the_smarthost_was_not_looked_at(alone: Scene) -> None:
    _with_smarthost(alone, 1)
    alone.home.server_keys.rename(alone.home.server_keys.with_name("elsewhere"))

    assert _states(alone, "smarthost") == {"note"}
