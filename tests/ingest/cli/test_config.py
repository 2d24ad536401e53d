"""``conduct config show|check``: every key with its value and purpose; what is wrong, by file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import call_conduct

MAILBOX = '[imap]\nhost = "127.0.0.1"\nuser = "conduct"\npassword_file = "pw"\n'


@pytest.fixture
def home(home_folder: Path) -> Path:
    """A home whose configuration is right."""
    with (home_folder / "conduct.toml").open("a") as file:
        file.write(MAILBOX)
    (home_folder / "pw").write_text("x\n")
    (home_folder / "pw").chmod(0o600)
    return home_folder


def test_show_has_every_key_with_its_value_and_purpose(home: Path) -> None:
    answer = call_conduct("config", "show", "--json", home=home).done().json

    keys = {key["key"]: key for key in answer["keys"]}
    assert keys["imap.host"]["value"] == "127.0.0.1"
    assert (keys["imap.tls"]["value"], keys["imap.tls"]["set"]) == ("implicit", False)
    assert keys["imap.password_file"]["value"] == str(home / "pw")
    assert all(key["what_for"] for key in answer["keys"])


def test_show_hides_the_password_of_a_database(home: Path) -> None:
    with (home / "conduct.toml").open("a") as file:
        file.write('[store]\ncontent_url = "postgresql+psycopg://conduct:hunter-two@db.example/x"\n')
    (home / "conduct.toml").chmod(0o600)

    answer = call_conduct("config", "show", home=home).done()

    assert "hunter-two" not in answer.out
    assert "conduct:***@db.example" in answer.out


def test_check_of_what_is_right(home: Path) -> None:
    assert call_conduct("config", "check", "--json", home=home).done().json["ok"] is True
    assert "is right" in call_conduct("config", "check", home=home).done().out


def test_check_names_file_and_key(home: Path) -> None:
    with (home / "conduct.toml").open("a") as file:
        file.write("prot = 993\n")

    answer = call_conduct("config", "check", home=home).done(2)

    assert 'conduct.toml: imap.prot: unknown key; did you mean "port"?' in answer.out


def test_check_finds_loose_modes_and_missing_files(home: Path) -> None:
    (home / "pw").chmod(0o644)
    loose = call_conduct("config", "check", "--json", home=home).done(2).json
    (home / "pw").unlink()
    missing = call_conduct("config", "check", "--json", home=home).done(2).json

    assert [problem["code"] for problem in loose["problems"]] == ["loose-mode"]
    assert [problem["code"] for problem in missing["problems"]] == ["unreadable-file"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("[retention]\ngrace_dayz = 3", "retention.grace_dayz"), ('[retention]\nclock = "never"', "retention.clock")],
)
def test_check_judges_what_is_said_to_the_policy(wrong: str, words: str, home: Path) -> None:
    with (home / "conduct.toml").open("a") as file:
        file.write(wrong)

    answer = call_conduct("config", "check", home=home).done(2)

    assert words in answer.out
    assert "conduct.toml" in answer.out


def test_check_refuses_a_day_outside_a_trial_home(home: Path) -> None:
    file = home / "conduct.toml"
    file.write_text(file.read_text().replace("trial = true", ""))

    answer = call_conduct("config", "check", "--json", home=home, env={"CONDUCT_TODAY": "2030-01-01"}).done(2)

    assert [problem["code"] for problem in answer.json["problems"]] == ["today-outside-trial"]


def test_no_home_says_how_to_begin(tmp_path: Path) -> None:
    assert "conduct init" in call_conduct("config", "show", home=tmp_path / "nowhere").done(2).err
