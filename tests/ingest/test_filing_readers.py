"""Who may read what came in: the conflict hold on mail that names a member, its release, newcomers, nobody left."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policies.mail import MailId
from policies.roster import MemberId
from records import keyring, mail, members
from records.keyring import Keyring
from tests.cli_runner import Completed
from tests.scenes import Person, Post, Scene, _person, mail_from
from tests.story import REPORTER, Story

NOOR = "Noor Haddad"
ABOUT_NOOR = "Hello,\n\nyesterday Noor Haddad shouted at me in the hall.\n\nAda\n"


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account))


def about_noor(story: Story, message_id: str = "first@mail.example") -> str:
    mail_of_her = mail_from(REPORTER, "In the hall", ABOUT_NOOR, headers={"Message-ID": f"<{message_id}>"})
    return story.report("2026-03-02", mail_of_her)


def reply(story: Story, text: str = "Is anybody there?\n", message_id: str = "second@mail.example") -> None:
    headers = {"Message-ID": f"<{message_id}>", "In-Reply-To": "<first@mail.example>"}
    story.scene.deliver(mail_from(REPORTER, "Re: In the hall", text, headers=headers))
    story.scene.poll(on="2026-03-03")


def opens(story: Story, who: str, mail_id: str) -> bool:
    """Whether her key opens a mail, past the command."""
    person = story.scene.member(who)
    with story.scene.looking() as transaction:
        mine = Keyring(person.keyring.member, person.keyring.identity)
        return mine.key_or_none(transaction, mail.object_id(MailId(mail_id))) is not None


def everything_said_to(story: Story, who: str, case: str) -> str:
    """Whatever the commands tell her of a case."""
    calls: list[Completed] = [
        story.scene.conduct(*words, who=who, on="2026-03-05")
        for words in (
            ("mail", "list"), ("mail", "list", "--json"), ("mail", "list", "--case", case), ("case", "show", case),
            ("case", "show", case, "--json"), ("case", "list"), ("retain", "plan"), ("audit", "list"),
        )
    ]  # fmt: skip
    return "\n".join(call.out + call.err for call in calls)


# --- the hold


def test_a_report_that_names_a_member_is_kept_from_her_and_shown_as_held_to_the_others(story: Story) -> None:
    about_noor(story)

    (listed,) = story.scene.listed("Priya")
    assert listed["held_from"] == [NOOR]
    assert "conflict-hold" in listed["flags"]
    assert story.scene.listed(NOOR) == []
    assert not opens(story, NOOR, listed["id"])
    assert opens(story, "Tomas", listed["id"])


def test_no_command_gives_her_anything_of_it(story: Story, tmp_path: Path) -> None:
    case = about_noor(story)
    reply(story)

    said = everything_said_to(story, NOOR, case)
    assert not any(word in said for word in ("Ada", "ada.quill", "In the hall", "shouted", "anybody there"))
    for each in story.scene.listed("Priya"):
        story.do("mail", "show", each["id"], on="2026-03-05", who=NOOR, status=1)
        story.do("mail", "show", each["id"], "--raw", on="2026-03-05", who=NOOR, status=1)
    story.do("mail", "export", "--out", tmp_path / "out", on="2026-03-05", who=NOOR)
    assert list((tmp_path / "out").iterdir()) == []


ACTS = [
    ("case", "accept", "CASE"),
    ("case", "dismiss", "CASE", "--reason", "no report"),
    ("case", "merge", "CASE", "OTHER"),
    ("mail", "dismiss", "MAIL", "--reason", "no report"),
    ("mail", "release", "MAIL", NOOR),
]


@pytest.mark.parametrize("words", ACTS, ids=" ".join)
def test_she_can_do_nothing_about_it(story: Story, words: tuple[str, ...]) -> None:
    case = about_noor(story)
    (held,) = story.scene.listed("Priya")
    other = story.report("2026-03-04", sender="Cyd Ferrer <cyd@mail.example>")
    meant = {"CASE": case, "OTHER": other, "MAIL": held["id"]}

    answer = story.do(*(meant.get(word, word) for word in words), on="2026-03-05", who=NOOR, status=1)

    assert re.search("Ask another member|Ask one of: (?!.*Noor)|belongs to", answer.err)
    assert story.cases("2026-03-05")[case]["status"] == "draft"


def test_after_another_accepts_it_the_record_is_kept_from_her_too(story: Story) -> None:
    case = about_noor(story)
    story.do("case", "accept", case, "--subject", "Noor H. <@noor>", "summary=Loud words.", on="2026-03-04")
    story.close(case, "banned", "2026-03-05", "--permanent")

    said = everything_said_to(story, NOOR, case)
    assert "Loud words" not in said
    assert "@noor" not in said
    assert re.search("Ask one of: (?!.*Noor)", said)
    other = story.record("2026-03-06", "Cyd <@noor>", who="Tomas")
    for words in (
        ("case", "lift", case), ("retain", "release", case), ("retain", "hold", case, "--reason", "mine"),
        ("retain", "deviate", case, "--until", "2026-03-06", "--reason", "mine"), ("case", "other", case, 1, other, 1),
    ):  # fmt: skip
        story.do(*words, on="2026-03-06", who=NOOR, status=1)


def test_what_one_member_closed_about_her_she_does_not_destroy(story: Story) -> None:
    case = about_noor(story)
    story.do("case", "accept", case, "--subject", "Noor H. <@noor>", on="2026-03-04")
    story.close(case, "no-violation", "2026-03-05")

    story.do("retain", "apply", "--yes", on="2026-03-06", who=NOOR, status=1)
    assert story.cases("2026-03-06")[case]["status"] == "closed"
    story.do("retain", "apply", "--yes", on="2026-03-06", who="Tomas")
    assert story.cases("2026-03-06")[case]["status"] == "expunged"


def test_what_joins_a_held_thread_is_held_as_well_also_after_its_draft_was_dismissed(story: Story) -> None:
    case = about_noor(story)
    story.do("case", "dismiss", case, "--reason", "no report", on="2026-03-02")

    reply(story)

    assert len(story.scene.listed("Priya")) == 2
    assert story.scene.listed(NOOR) == []


def test_a_held_mail_filed_with_a_record_takes_the_record_from_her(story: Story) -> None:
    record = story.record("2026-03-01", sender="Cyd Ferrer <cyd@mail.example>", who=NOOR)
    held = about_noor(story)

    story.do("case", "merge", held, record, on="2026-03-03")
    story.do("case", "edit", record, "summary=Noor is named here.", on="2026-03-03")

    assert "Noor is named" not in everything_said_to(story, NOOR, record)
    assert story.scene.listed(NOOR) == []


# --- the release


def test_another_member_gives_her_all_that_is_due_to_her(story: Story) -> None:
    case = about_noor(story)
    reply(story)
    story.do("case", "accept", case, "summary=Loud words.", on="2026-03-04")
    held = next(each for each in story.scene.listed("Priya") if each["held_from"])

    answer = story.do("mail", "release", held["id"], NOOR, "--json", on="2026-03-05", who="Tomas").json

    assert (answer["member"], answer["released"]) == (NOOR, True)
    assert len(story.scene.listed(NOOR)) == 2
    shown = story.do("case", "show", case, "--json", on="2026-03-05", who=NOOR).json
    assert shown["fields"]["summary"]["value"] == "Loud words."
    assert shown["closed_to_you"] == []


@pytest.mark.parametrize("who", ["Noor Haddad", "Priya Raman"])
def test_what_is_not_held_from_her_cannot_be_released(story: Story, who: str) -> None:
    story.report("2026-03-02")
    (listed,) = story.scene.listed("Priya")

    answer = story.do("mail", "release", listed["id"], who, on="2026-03-05", who="Priya", status=1)

    assert ("not held" in answer.err) is (who == NOOR)


# --- what is no conflict


NO_HOLD = {
    "a nickname only flags": "yesterday Noor shouted at me.\n",
    "the salutation": "Dear Noor Haddad,\n\nsomebody shouted at me.\n",
    "a quote": "He did it again.\n\n> Noor Haddad wrote this.\n",
}


@pytest.mark.parametrize("text", NO_HOLD.values(), ids=NO_HOLD.keys())
def test_other_mentions_hold_nothing(story: Story, text: str) -> None:
    story.report("2026-03-02", mail_from(REPORTER, "In the hall", text))

    (listed,) = story.scene.listed(NOOR)
    assert ("names-a-member" in listed["flags"]) is text.startswith("yesterday")


# --- nobody left, and newcomers


def test_a_mail_that_names_everybody_goes_to_the_recovery_identity_alone(story: Story) -> None:
    names = ", ".join(person.name for person in story.scene.members)
    story.scene.deliver(mail_from(REPORTER, "All of them", f"They all did it: {names}.\n"))

    told = story.scene.as_service("poll", on="2026-03-02").done()

    assert "1 mails can be opened with the recovery identity alone" in told.err + told.out
    assert [story.scene.listed(person) for person in story.scene.members] == [[], [], []]
    (case,) = story.cases("2026-03-02")
    refused = story.do("case", "accept", case, on="2026-03-02", status=1)
    assert "Only the recovery identity can open it." in refused.err
    with story.scene.looking() as transaction:
        (stored,) = mail.stored(transaction)
        recovery = Keyring(MemberId(members.RECOVERY), story.scene.recovery)
        assert keyring.readers_of(transaction, mail.object_id(stored.mail)) == {members.RECOVERY}
        assert "They all did it" in b"".join(mail.raw(transaction, recovery, stored.mail)).decode()


@pytest.mark.parametrize(("kind", "sees_reporter"), [("private", False), ("official", True), ("public", True)])
def test_a_newcomer_gets_every_record_and_no_older_mail(
    story: Story, tmp_path: Path, kind: str, sees_reporter: bool
) -> None:
    case = story.record("2026-03-02", words=["--reporter-kind", kind, "summary=Loud words."])
    newcomer = _add(story, tmp_path)

    shown: dict[str, Any] = story.scene.conduct("case", "show", case, "--json", who=newcomer).done().json

    assert shown["fields"]["summary"]["value"] == "Loud words."
    assert shown["subjects"][0]["names"] == ["Bo Rook"]
    assert story.scene.listed(newcomer) == []
    assert ("Ada Quill" in str(shown)) is sees_reporter
    assert shown["fields"]["reporter"]["value"] == (
        "Ada Quill, ada.quill@mail.example" if sees_reporter else "Priya Raman"
    )


def test_a_newcomer_cannot_accept_what_began_before_her_time(story: Story, tmp_path: Path) -> None:
    case = story.report("2026-03-02", mail_from(REPORTER, "Hello", headers={"Message-ID": "<first@mail.example>"}))
    newcomer = _add(story, tmp_path)
    headers = {"In-Reply-To": "<first@mail.example>"}
    story.scene.deliver(
        mail_from(REPORTER, "Re: Hello", "More.\n", headers=headers), datetime.now(UTC) + timedelta(days=1)
    )
    story.scene.poll()

    assert len(story.scene.listed(newcomer)) == 1
    refused = story.scene.conduct("case", "accept", case, who=newcomer).done(1)
    assert "Ask one of:" in refused.err


def _add(story: Story, folder: Path) -> Person:
    person = _person(folder, "Wren Abe")
    person.identity.unlink()
    key = story.scene.conduct(
        "member",
        "key",
        "--name",
        "Wren Abe",
        "--address",
        "wren@committee.example.org",
        "--out",
        person.identity,
        who=person,
    ).done()
    story.scene.conduct("member", "add", "-", stdin=key.out).done()
    return person
