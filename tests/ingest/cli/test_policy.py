"""``conduct policy explain``: the policy in sentences, and where each option is set."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from policies.community import Policy, policy_digest
from tests.cli_runner import call_conduct


def _configure(home: Path, text: str) -> None:
    file = home / "conduct.toml"
    file.write_text(file.read_text() + text)


def test_every_term_of_the_manual_stands_in_a_sentence(home_folder: Path) -> None:
    out = call_conduct("policy", "explain", home=home_folder).done().out

    for words in ("Django", "6 months", "14 months", "26 months", "for ever", "yearly", "clock", "align"):
        assert words in out or words == "yearly"


def test_each_option_says_which_file_set_it(home_folder: Path) -> None:
    _configure(home_folder, '\n[retention]\nclock = "reported"\n')

    answer = call_conduct("policy", "explain", "--json", home=home_folder).done().json

    assert answer["clock"] == "reported"
    assert answer["set_in"]["retention.clock"] == "conduct.toml"
    assert answer["set_in"]["retention.extension"] == "django.toml"
    assert answer["set_in"]["retention.hold_days_alone"] == "default"


def test_nothing_of_the_policy_is_left_out(home_folder: Path) -> None:
    answer = call_conduct("policy", "explain", "--json", home=home_folder).done().json

    options = {field.name for field in dataclasses.fields(Policy)} - {"origin"}
    assert options <= set(answer)
    said = {key.removeprefix("retention.") for key in answer["set_in"]}
    assert options - {"terms"} <= said


def test_terms_are_told_in_months_for_both_parts(home_folder: Path) -> None:
    terms = call_conduct("policy", "explain", "--json", home=home_folder).done().json["terms"]

    assert terms == {
        "no-violation": {"reporter": 0, "rest": 0},
        "unidentified": {"reporter": 6, "rest": None},
        "resolved": {"reporter": 14, "rest": 14},
        "flagged": {"reporter": 26, "rest": 26},
        "banned": {"reporter": 26, "rest": 26},
    }


def test_the_fingerprint_is_the_one_kept_with_records(home_folder: Path) -> None:
    from ingest.config import load_settings
    from ingest.home import Home
    from ingest.wiring import load_policy

    home = Home(home_folder, home_folder)
    expected = policy_digest(load_policy(load_settings(home), home))

    assert call_conduct("policy", "explain", "--json", home=home_folder).done().json["digest"] == expected


def test_a_committee_words_it_anew_in_its_home(home_folder: Path) -> None:
    own = home_folder / "templates" / "policy"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("We are {{ name }}, and resolved means {{ terms['resolved'].rest }}.")

    out = call_conduct("policy", "explain", home=home_folder).done().out

    assert out == "We are Django, and resolved means 14.\n"


@pytest.mark.parametrize("wording", ["{{ nobody_knows }}", "{% if %}"])
def test_a_broken_wording_is_named(home_folder: Path, wording: str) -> None:
    own = home_folder / "templates" / "policy"
    own.mkdir(parents=True)
    (own / "body.txt").write_text(wording)

    assert "policy/body.txt" in call_conduct("policy", "explain", home=home_folder).done(2).err


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("\n[retention]\nclok = 1\n", "retention.clok"),
        ('\n[retention]\nclock = "never"\n', "retention.clock"),
        ('policy = "nowhere.toml"\n', "nowhere.toml"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_by_key(home_folder: Path, text: str, key: str) -> None:
    _configure(home_folder, text)

    assert key in call_conduct("policy", "explain", home=home_folder).done(2).err
