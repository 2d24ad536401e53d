"""To which case a draft may belong: proposed with a reason, never joined, and only from what she can open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenes import Post, Scene, mail_from
from tests.story import Story

NOOR = "Noor Haddad"


@pytest.fixture
def story(tmp_path: Path, pymap_account: Post) -> Story:
    return Story(Scene.found(tmp_path, pymap_account))


def proposed(story: Story, case: str, who: str = "") -> dict[str, str]:
    """The cases that ``case show`` proposes, each with its reason."""
    shown = story.do("case", "show", case, "--json", on="2026-03-05", who=who).json
    return {one["value"]: one["evidence"] for one in shown["other_suggestions"] if one["about"] == "case"}


def report(story: Story, sender: str, subject: str, text: str) -> str:
    return story.report("2026-03-02", mail_from(sender, subject, text))


def test_what_two_mails_share_is_proposed_with_its_reason(story: Story) -> None:
    first = report(story, "Ada Quill <ada@mail.example>", "Shouting in the hall", "See https://x.example/t/1 please.\n")
    same_writer = report(story, "ada@mail.example", "Another thing", "It went on.\n")
    same_line = report(story, "Cyd <cyd@mail.example>", "AW: Shouting in the hall", "I saw it.\n")
    same_link = report(story, "Dee <dee@mail.example>", "A link", "Look at https://x.example/t/1 again.\n")

    assert proposed(story, same_writer) == {first: "same address"}
    assert proposed(story, same_line) == {first: "same subject line"}
    assert proposed(story, same_link) == {first: "same link"}


def test_the_mailbox_and_the_members_tie_nothing_together(story: Story) -> None:
    copied = {"Cc": "Noor Haddad <noor@committee.example.org>"}
    for sender in ("ada@mail.example", "cyd@mail.example"):
        story.report("2026-03-02", mail_from(sender, "Hello", f"I am {sender[:3]}.\n", headers=copied))

    assert [proposed(story, case) for case in story.cases("2026-03-05")] == [{}, {}]


def test_named_subjects_of_records_are_known_by_their_contacts(story: Story) -> None:
    first = story.record("2026-03-01", "Bo Rook <@borook>", sender="Ada Quill <ada@mail.example>")

    second = report(story, "Cyd <cyd@mail.example>", "Insults", "The user @borook called me names.\n")

    assert proposed(story, second) == {first: "same account"}
    assert proposed(story, first) == {}


def test_nothing_is_proposed_from_what_is_closed_to_her(story: Story) -> None:
    about_noor = "Noor Haddad shouted; see https://x.example/t/1 for it.\n"
    hidden = report(story, "Ada Quill <ada@mail.example>", "In the hall", about_noor)
    draft = report(story, "Cyd <cyd@mail.example>", "A link", "Look at https://x.example/t/1 again.\n")

    assert proposed(story, draft) == {hidden: "same link"}
    assert proposed(story, draft, who=NOOR) == {}
