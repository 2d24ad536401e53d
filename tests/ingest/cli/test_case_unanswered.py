"""``conduct case show`` lists the mails of ours to which no answer lies in the mailbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenes import CONDUCT, Post, Scene, mail_from
from tests.story import REPORTER, Story, at

PRIYA = "Priya Raman <priya@committee.example.org>"
DAY = "2026-03-20"


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    """An open case of Ada's about Bo."""
    story = Story(Scene.found(tmp_path, pymap_account))
    posted(story, "2026-03-02", REPORTER, "one")
    (case,) = story.cases("2026-03-02")
    story.do("case", "accept", case, "--subject", "Bo Rook <bo@mail.example>", on="2026-03-02")
    return story


def posted(story: Story, day: str, sender: str, name: str, answers: str = "", to: str = CONDUCT, cc: str = "") -> None:
    """A mail in the thread of the case, taken in on its day."""
    headers = {"Message-ID": f"<{name}@mail.example>", **({"Cc": cc} if cc else {})}
    headers |= {"In-Reply-To": f"<{answers}@mail.example>"} if answers else {}
    story.scene.deliver(mail_from(sender, "In the hall", f"{name} says something.\n", to=to, headers=headers), at(day))
    story.scene.poll(on=day)


def waiting(story: Story) -> list[dict[str, Any]]:
    """What ``case show --json`` lists."""
    (case,) = [name for name, each in story.cases(DAY).items() if each["status"] == "open"]
    found: list[dict[str, Any]] = story.do("case", "show", case, "--json", on=DAY).json["unanswered"]
    return found


def test_a_mail_of_ours_is_listed_until_its_recipient_writes(story: Story) -> None:
    assert waiting(story) == []
    posted(story, "2026-03-03", PRIYA, "ours", "one", "ada.quill@mail.example", CONDUCT)

    (found,) = waiting(story)

    assert found["to"] == [{"address": "ada.quill@mail.example", "role": "the reporter"}]
    assert found["sent"].startswith("2026-03-03T")
    (case,) = story.cases(DAY)
    text = story.do("case", "show", case, on=DAY).out
    assert f"No answer in the mailbox\n  {found['mail']}  sent 2026-03-03 to the reporter\n" in text
    posted(story, "2026-03-05", REPORTER, "answer", "ours")
    assert waiting(story) == []
    assert "No answer" not in story.do("case", "show", case, on=DAY).out


def test_a_mail_to_the_subject_says_so_and_a_later_one_is_listed_by_itself(story: Story) -> None:
    posted(story, "2026-03-03", PRIYA, "ours", "one", "bo@mail.example, kim@venue.example", CONDUCT)
    posted(story, "2026-03-04", "bo@mail.example", "reply", "ours")
    posted(story, "2026-03-06", PRIYA, "again", "reply", "bo@mail.example", CONDUCT)

    found = waiting(story)

    assert [each["sent"][:10] for each in found] == ["2026-03-06"]
    assert found[0]["to"] == [{"address": "bo@mail.example", "role": "subject 1"}]


def test_an_answer_that_a_member_forwards_counts(story: Story) -> None:
    posted(story, "2026-03-03", PRIYA, "ours", "one", "ada.quill@mail.example", CONDUCT)
    inner = mail_from(REPORTER, "Re: In the hall", "It is fine.\n", to=PRIYA, headers={
        "Message-ID": "<lost@mail.example>", "In-Reply-To": "<ours@mail.example>"
    })  # fmt: skip
    inner.replace_header("Date", "Thu, 05 Mar 2026 10:00:00 +0000")
    outer = mail_from(PRIYA, "Fwd: In the hall", "See below.\n")
    outer.add_attachment(inner)
    story.scene.deliver(outer, at("2026-03-06"))

    story.scene.poll(on="2026-03-06")

    assert waiting(story) == []


def test_a_later_mail_that_is_closed_to_the_reader_may_be_the_answer(tmp_path: Path, pymap_account: Post) -> None:
    story = Story(Scene.found(tmp_path, pymap_account))
    posted(story, "2026-03-02", REPORTER, "one")
    (case,) = story.cases("2026-03-02")
    posted(story, "2026-03-03", PRIYA, "ours", "one", "ada.quill@mail.example", CONDUCT)
    about = mail_from("Kim <kim@mail.example>", "In the bar", "Tomas Novak laughed.\n")
    story.scene.deliver(about, at("2026-03-05"))
    story.scene.poll(on="2026-03-05")
    (draft,) = set(story.cases(DAY)) - {case}
    story.do("case", "merge", draft, case, on=DAY)

    seen = {who: story.do("case", "show", case, "--json", on=DAY, who=who).json for who in ("Priya", "Tomas")}

    assert {who: each["unanswered"][0]["later_mail_closed_to_you"] for who, each in seen.items()} == {
        "Priya": 0,
        "Tomas": 1,
    }
    assert "1 later mail closed to you" in story.do("case", "show", case, on=DAY, who="Tomas").out


def test_mail_among_members_waits_for_nobody(story: Story) -> None:
    posted(story, "2026-03-03", PRIYA, "ours", "one", "noor@committee.example.org", CONDUCT)

    assert waiting(story) == []
