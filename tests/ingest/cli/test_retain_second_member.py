"""What needs a second member: no violation, dismissals, holds, deviations, general notes; and a committee of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenes import Post, Scene, mail_from
from tests.story import EVERY_PART, REPORTER, Story

NOOR = "Noor Haddad"
HARSH = "exceptional circumstances"


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman", NOOR]))


@pytest.fixture
def alone(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman"]))


def closed(story: Story, outcome: str = "resolved", on: str = "2025-01-10", *words: str) -> str:
    case = story.record("2025-01-08")
    story.close(case, outcome, on, *words)
    return case


# --- no violation, and dismissed


def test_what_one_closed_as_no_violation_another_applies(story: Story) -> None:
    case = closed(story, "no-violation")

    first = story.do("retain", "apply", "--yes", "--json", on="2025-01-10", status=1).json
    assert (first["done"], first["failed"]) == ([], [])
    assert {item["part"] for item in first["waiting"]} == {"reporter", "subject", "account", "mail", "mailbox"}
    assert story.cases("2025-01-10")[case]["status"] == "closed"

    second = story.do("retain", "apply", "--yes", "--json", on="2025-01-10", who=NOOR).json
    assert {item["part"] for item in second["done"]} == {"reporter", "subject", "account", "mail", "mailbox"}
    assert second["waiting"] == []
    assert story.cases("2025-01-10")[case]["status"] == "expunged"
    assert story.scene.in_mailbox() == {}


def test_a_committee_of_one_applies_it_herself(alone: Story) -> None:
    case = closed(alone, "no-violation")

    alone.do("retain", "apply", "--yes", on="2025-01-10")

    assert alone.cases("2025-01-10")[case]["status"] == "expunged"


def test_a_dismissed_draft_goes_after_its_days_by_another_hand(story: Story) -> None:
    draft = story.report("2025-01-08")
    story.do("case", "dismiss", draft, "--reason", "an advertisement", on="2025-01-10")

    assert story.due("2025-02-08") == set()
    assert story.due("2025-02-09") == {"mail", "mailbox"}
    story.do("retain", "apply", "--yes", on="2025-02-09", status=1)
    assert len(story.scene.in_mailbox()) == 1
    story.do("retain", "apply", "--yes", on="2025-02-09", who=NOOR)
    assert story.scene.in_mailbox() == {}
    assert story.plan("2025-02-09") == []


# --- holds


def test_one_members_hold_lapses_after_thirty_days(story: Story) -> None:
    case = closed(story)

    held = story.do("retain", "hold", case, "--reason", HARSH, "--json", on="2026-03-01").json

    assert held["agreed"] is False
    assert story.held("2026-03-30", case) == EVERY_PART
    assert {item["held_until"] for item in story.plan("2026-03-30", case)} == {"2026-03-31"}
    assert story.due("2026-03-31", case) == EVERY_PART


def test_with_a_second_members_word_a_hold_lasts_until_it_is_released(story: Story) -> None:
    case = closed(story)
    act = story.do("retain", "hold", case, "--reason", HARSH, "--json", on="2026-03-01").json["act"]

    own = story.do("agree", act, on="2026-03-02", status=1)
    assert "another member's word" in own.err
    waits = story.do("agree", "--json", on="2026-03-02", who=NOOR).json["acts"]
    assert [(each["act"], each["kind"], each["case"], each["by"]) for each in waits] == [
        (act, "hold", case, "Priya Raman")
    ]
    story.do("agree", act, on="2026-03-02", who=NOOR)

    assert story.held("2030-01-01", case) == EVERY_PART
    story.do("retain", "apply", "--yes", on="2026-03-11")
    assert story.cases("2026-03-11")[case]["status"] == "closed"
    story.do("retain", "release", case, on="2026-03-12")
    assert story.due("2026-03-12", case) == EVERY_PART
    assert story.do("agree", "--json", on="2026-03-12").json["acts"] == []
    assert "agreed to already" in story.do("agree", act, on="2026-03-12", who=NOOR, status=1).err


def test_a_hold_with_an_end_ends_on_that_day(story: Story) -> None:
    case = closed(story)
    story.do("retain", "hold", case, "--reason", HARSH, "--until", "2026-03-20", on="2026-03-01")

    assert story.held("2026-03-19", case) == EVERY_PART
    assert story.due("2026-03-20", case) == EVERY_PART


def test_a_committee_of_one_needs_no_second_word(alone: Story) -> None:
    case = closed(alone)

    assert alone.do("retain", "hold", case, "--reason", HARSH, "--json", on="2026-03-01").json["agreed"] is True
    assert alone.held("2027-03-01", case) == EVERY_PART
    alone.do("retain", "release", case, on="2026-03-01")
    deviated = alone.do(
        "retain", "deviate", case, "--until", "2029-01-01", "--reason", HARSH, "--json", on="2026-03-01"
    ).json
    assert deviated["agreed"] is True
    assert alone.last_day(case, "2026-03-02") == "2029-01-01"


# --- deviations


@pytest.mark.parametrize("until", ["2025-06-01", "2029-01-01", "never"])
def test_a_deviation_takes_effect_when_a_second_member_agrees(story: Story, until: str) -> None:
    case = closed(story)

    act = story.do("retain", "deviate", case, "--until", until, "--reason", HARSH, "--json", on="2025-02-01").json[
        "act"
    ]
    assert set(story.goes(case, "2025-02-02").values()) == {"2026-03-10"}
    assert all("second member" in item["why"] for item in story.plan("2025-02-02", case))
    story.do("agree", act, on="2025-02-02", who=NOOR)

    assert set(story.goes(case, "2025-02-02").values()) == {None if until == "never" else until}
    assert (story.plan("2025-02-02", case)[0]["review"] is not None) is (until == "never")


def test_a_reason_lies_sealed_with_the_case_and_not_in_the_audit(story: Story) -> None:
    case = closed(story)

    story.do("retain", "hold", case, "--reason", "a letter from Lawyer Zygmunt", on="2026-03-01")

    assert story.scene.files_with(b"Zygmunt") == []
    assert "Zygmunt" not in story.do("audit", "list", "--json", on="2026-03-01").out
    story.do("audit", "verify", on="2026-03-01")


# --- general notes


@pytest.mark.parametrize(("agreed", "stays"), [(True, "Loud words in a chat."), (False, None)])
def test_a_general_note_stays_only_if_a_second_member_agreed(story: Story, agreed: bool, stays: str | None) -> None:
    case = story.record("2025-01-08", words=["general_note=Loud words in a chat."])
    act = story.close(case, "resolved", "2025-01-10", "general_note=Loud words in a chat.")["act"]
    if agreed:
        story.do("agree", act, on="2025-01-11", who=NOOR)

    story.do("retain", "apply", "--yes", on="2026-03-10")

    shown = story.do("case", "show", case, "--json", on="2026-03-10").json
    assert shown["fields"]["general_note"]["value"] == stays
    assert shown["fields"]["category"]["value"] == "insult"
    assert story.do("agree", "--json", on="2026-03-10").json["acts"] == []


@pytest.mark.parametrize("command", ["accept", "edit", "close"])
def test_every_way_to_write_a_note_asks_for_the_second_word(story: Story, command: str) -> None:
    case = story.report("2025-01-08")
    note = "general_note=Loud words in a chat."
    acts = [story.do("case", "accept", case, *([note] if command == "accept" else []), "--json", on="2025-01-08").json]
    if command == "edit":
        acts = [story.do("case", "edit", case, note, "--json", on="2025-01-08").json]
    closing = story.close(case, "resolved", "2025-01-10", *([note] if command == "close" else []))

    act = closing["act"] or acts[0]["act"]
    assert [each["act"] for each in story.do("agree", "--json", on="2025-01-10").json["acts"]] == [act]
    story.do("agree", act, on="2025-01-10", who=NOOR)
    story.do("retain", "apply", "--yes", on="2026-03-10")
    shown = story.do("case", "show", case, "--json", on="2026-03-10").json
    assert shown["fields"]["general_note"]["value"] == "Loud words in a chat."


def test_a_changed_note_needs_a_new_word(story: Story) -> None:
    case = story.record("2025-01-08", words=["general_note=Loud words."])
    first = story.do("agree", "--json", on="2025-01-08").json["acts"][0]["act"]
    story.do("agree", first, on="2025-01-08", who=NOOR)

    story.close(case, "resolved", "2025-01-10", "general_note=Very loud words.")
    story.do("retain", "apply", "--yes", on="2026-03-10")

    shown = story.do("case", "show", case, "--json", on="2026-03-10").json
    assert shown["fields"]["general_note"]["value"] is None


# --- unlinked mail


def test_automatic_mail_of_no_case_goes_thirty_days_after_it_came(story: Story) -> None:
    story.scene.deliver(mail_from(REPORTER, "Out of office", headers={"Auto-Submitted": "auto-replied"}))
    story.scene.poll(on="2026-03-02")

    assert story.due("2026-03-31") == set()
    assert story.due("2026-04-01") == {"mail", "mailbox"}
    story.do("retain", "apply", "--yes", on="2026-04-01")
    assert story.scene.in_mailbox() == {}
