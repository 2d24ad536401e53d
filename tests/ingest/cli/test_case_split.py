"""Mail that was joined wrongly is taken out of its case and put back: threads, readers, dates, who reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.scenes import CONDUCT, Post, Scene, mail_from
from tests.servers.postgres import Postgres
from tests.story import REPORTER, Story, at

NOOR, TOMAS = "Noor Haddad", "Tomas Novak"
OTHER = "Dee Vance <dee@mail.example>"
DAY = "2026-03-09"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def story(request: pytest.FixtureRequest, tmp_path: Path, pymap_account: Post) -> Story:
    """A committee of three on each database."""
    values: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        values = {"store": {"content_url": server.create(), "keys_url": server.create()}}
    return Story(Scene.found(tmp_path, pymap_account, values=values))


@pytest.fixture
def small(tmp_path: Path, pymap_account: Post) -> Story:
    """The same on SQLite alone."""
    return Story(Scene.found(tmp_path, pymap_account))


def posted(story: Story, day: str, sender: str, text: str, name: str, answers: str = "", **headers: str) -> str:
    """A mail that arrives on a day; its id.  ``answers`` is the name of the mail that it replies to."""
    before = {each["id"] for each in story.scene.listed()}
    given = {"Message-ID": f"<{name}@mail.example>", **headers}
    if answers:
        given["In-Reply-To"] = f"<{answers}@mail.example>"
    story.scene.deliver(mail_from(sender, "In the hall", text, headers=given), at(day))
    story.scene.poll(on=day)
    (new,) = {each["id"] for each in story.scene.listed()} - before
    return str(new)


def shown(story: Story, case: str, who: str = "", on: str = DAY) -> dict[str, Any]:
    """What ``case show --json`` says."""
    found: dict[str, Any] = story.scene.conduct("case", "show", case, "--json", on=on, who=who).done().json
    return found


def opened(story: Story) -> tuple[str, str, str]:
    """An open case of Ada's on the 2nd, and her complaint about another matter in the same thread on the 5th."""
    first = posted(story, "2026-03-02", REPORTER, "He shouted.\n", "one")
    (case,) = story.cases("2026-03-02")
    story.do("case", "accept", case, "--subject", "Bo Rook <@borook>", on="2026-03-03")
    second = posted(story, "2026-03-05", REPORTER, "By the way, Cyd Marsh pushed me.\n", "two", "one")
    assert set(shown(story, case)["mail"]) == {first, second}
    return case, first, second


def split(story: Story, case: str, *mails: str, who: str = "", status: int = 0) -> dict[str, Any]:
    """What ``case split --json`` answers."""
    done = story.do("case", "split", case, *mails, "--json", on=DAY, who=who, status=status)
    return dict(done.json) if status == 0 else {"err": done.err}


def test_a_mail_leaves_its_case_and_what_is_answered_to_it_follows(story: Story) -> None:
    case, first, second = opened(story)
    third = posted(story, "2026-03-06", REPORTER, "She did it again.\n", "three", "two")
    fourth = posted(story, "2026-03-06", REPORTER, "He said sorry.\n", "four", "one")

    draft = split(story, case, second)["draft"]

    assert set(shown(story, case)["mail"]) == {first, fourth}
    found = shown(story, draft)
    assert (found["status"], set(found["mail"])) == ("draft", {second, third})
    assert found["fields"]["date_of_first_report"]["value"] == "2026-03-05"
    assert "Cyd Marsh" in str(found["fields"]["named_subjects"]["suggestions"])
    assert "Cyd Marsh" not in str(shown(story, case)["fields"]["named_subjects"]["suggestions"])
    later = posted(story, "2026-03-08", REPORTER, "And again.\n", "five", "three")
    assert later in shown(story, draft)["mail"]
    also = posted(story, "2026-03-08", REPORTER, "He is gone.\n", "six", "four")
    assert also in shown(story, case)["mail"]
    stranger = posted(story, "2026-03-08", OTHER, "Me too.\n", "seven", "three")
    assert stranger not in shown(story, draft)["mail"] + shown(story, case)["mail"]
    story.do("audit", "verify", on=DAY)


def test_undo_puts_everything_back_as_it_was(story: Story) -> None:
    case, first, second = opened(story)
    before, cases_before = shown(story, case), story.cases(DAY)[case]
    draft = split(story, case, second)["draft"]
    later = posted(story, "2026-03-08", REPORTER, "And again.\n", "three", "two")

    story.do("case", "split", "--undo", draft, on=DAY)

    after = shown(story, case)
    assert set(after["mail"]) == {first, second, later}
    assert (after["subjects"], after["status"]) == (before["subjects"], before["status"])
    for name, field in before["fields"].items():
        now = after["fields"][name]
        assert now["value"] == field["value"]
        assert [each for each in now["suggestions"] if each["mail"] != later] == field["suggestions"]
    assert story.cases(DAY)[case] == cases_before
    assert draft not in story.cases(DAY) or story.cases(DAY)[draft]["status"] == "merged"
    kinds = {each["id"]: each["kind"] for each in story.scene.listed()}
    assert (kinds[first], kinds[second]) == ("report", "reply")
    again = posted(story, "2026-03-08", REPORTER, "The end.\n", "four", "three")
    assert again in shown(story, case)["mail"]
    story.do("case", "split", "--undo", draft, on=DAY, status=1)
    story.do("audit", "verify", on=DAY)


def test_a_merged_report_leaves_with_its_thread_and_its_writer_reports_no_more(story: Story) -> None:
    case, first, _ = opened(story)
    own = posted(story, "2026-03-01", OTHER, "Somebody took my bag.\n", "bag")
    (draft,) = [name for name, each in story.cases(DAY).items() if each["status"] == "draft"]
    story.do("case", "merge", draft, case, on=DAY)
    answer = posted(story, "2026-03-07", OTHER, "It was red.\n", "red", "bag")
    assert story.cases(DAY)[case]["received"].startswith("2026-03-01")
    refused = story.scene.conduct("case", "edit", case, "summary=Dee Vance was there.", on=DAY)
    assert refused.status == 1

    done = split(story, case, own)

    assert set(done["mail"]) == {own, answer}
    assert story.cases(DAY)[case]["received"].startswith("2026-03-02")
    assert shown(story, case)["fields"]["date_of_first_report"]["value"] == "2026-03-02"
    story.do("case", "edit", case, "summary=Dee Vance was there.", on=DAY)
    assert story.scene.conduct("case", "edit", case, "summary=Ada Quill was there.", on=DAY).status == 1
    story.do("case", "accept", done["draft"], on=DAY)
    assert story.scene.conduct("case", "edit", done["draft"], "summary=Dee Vance.", on=DAY).status == 1
    assert first in shown(story, case)["mail"]


def test_nobody_reads_more_for_a_split(story: Story) -> None:
    case, _, second = opened(story)
    story.do("member", "recuse", TOMAS, case, on=DAY)

    done = split(story, case, second)

    assert done["kept_out"] == [TOMAS]
    assert second not in {each["id"] for each in story.scene.listed(TOMAS)}
    story.do("case", "accept", done["draft"], "--subject", "Cyd Marsh <@cyd>", on=DAY)
    assert shown(story, done["draft"], TOMAS)["closed_to_you"]
    story.do("member", "unrecuse", TOMAS, done["draft"], on=DAY, who=NOOR)
    assert second in {each["id"] for each in story.scene.listed(TOMAS)}
    assert shown(story, case, TOMAS)["closed_to_you"]


def test_a_mail_that_names_a_member_is_held_from_her_as_if_it_had_opened_a_draft(story: Story) -> None:
    case, first, _ = opened(story)
    about = posted(story, "2026-03-06", REPORTER, "Tomas Novak laughed at me.\n", "tomas", "one")
    more = posted(story, "2026-03-07", REPORTER, "He still laughs.\n", "more", "tomas")
    assert {about, more} <= {each["id"] for each in story.scene.listed(TOMAS)}

    done = split(story, case, about)

    assert done["held_from"] == [TOMAS]
    assert {each["id"] for each in story.scene.listed(TOMAS)}.isdisjoint({about, more})
    assert "conflict-hold" in str(story.do("case", "show", done["draft"], on=DAY).out)
    assert first in {each["id"] for each in story.scene.listed(TOMAS)}
    story.do("case", "split", "--undo", done["draft"], on=DAY)
    assert {about, more} <= {each["id"] for each in story.scene.listed(TOMAS)}


def test_a_day_that_a_member_wrote_stays(small: Story) -> None:
    case, first, second = opened(small)
    small.do("case", "edit", case, "date_of_first_report=2026-02-20", on=DAY)

    split(small, case, second)

    assert shown(small, case)["fields"]["date_of_first_report"]["value"] == "2026-02-20"
    assert shown(small, case)["mail"] == [first]


def test_a_split_draft_has_no_term_and_the_rest_keeps_its_own(small: Story) -> None:
    case, _, second = opened(small)
    draft = split(small, case, second)["draft"]
    small.close(case, "resolved", DAY)

    assert {item["date"] for item in small.plan(DAY, case)} == {"2027-05-09"}
    assert {item["date"] for item in small.plan(DAY, draft)} == {None}


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("closed", "conduct case reopen"),
        ("expunged", "none of its mail is left"),
        ("dismissed", "this needs draft or open"),
    ],
)
def test_a_case_that_is_over_is_refused_with_what_to_do(small: Story, state: str, says: str) -> None:
    case, first, second = opened(small)
    if state == "dismissed":
        case = split(small, case, second)["draft"]
        small.do("case", "dismiss", case, "--reason", "a joke", on=DAY)
        first = second
    else:
        small.close(case, "no-violation", DAY)
    if state == "expunged":
        small.do("retain", "apply", "--yes", on="2026-06-01", who=NOOR)

    refused = split(small, case, first, status=1)

    assert says in refused["err"]


def test_what_cannot_be_split_is_refused_in_a_sentence(small: Story) -> None:
    case, first, second = opened(small)
    other = posted(small, "2026-03-06", OTHER, "Somebody took my bag.\n", "bag")

    assert "nothing would be left" in split(small, case, first, status=1)["err"]
    assert "does not belong to" in split(small, case, other, status=1)["err"]
    assert "no mail with that id" in split(small, case, "m0", status=2)["err"]
    assert "No mail is named" in split(small, case, status=2)["err"]
    assert "No case goes by" in split(small, "amber kettle", second, status=2)["err"]
    assert "goes back whole" in split(small, "--undo", case, second, status=2)["err"]
    assert "was not split off" in split(small, "--undo", case, status=1)["err"]
    assert set(shown(small, case)["mail"]) == {first, second}


def test_who_may_not_read_the_case_may_not_split_it(small: Story) -> None:
    case, _, second = opened(small)
    small.do("member", "recuse", NOOR, case, on=DAY)

    assert "not granted to you" in split(small, case, second, who=NOOR, status=1)["err"]


def test_a_mail_that_a_permission_cites_stays(small: Story) -> None:
    case, _, second = opened(small)
    words = ("--person", "ada.quill@mail.example", "--to", "*", "--scope", "identity", "--mail", second)
    small.do("consent", "add", case, *words, on=DAY)

    assert "permission on record" in split(small, case, second, status=1)["err"]


def test_undo_is_refused_once_other_mail_came_to_the_draft(small: Story) -> None:
    case, _, second = opened(small)
    draft = split(small, case, second)["draft"]
    posted(small, "2026-03-06", OTHER, "Somebody took my bag.\n", "bag")
    (bag,) = [name for name, each in small.cases(DAY).items() if each["status"] == "draft" and name != draft]
    small.do("case", "merge", bag, draft, on=DAY)

    assert "Other mail has been filed" in split(small, "--undo", draft, status=1)["err"]


def test_a_draft_can_be_split_too_and_a_split_one_again(small: Story) -> None:
    first = posted(small, "2026-03-02", REPORTER, "He shouted.\n", "one")
    second = posted(small, "2026-03-03", REPORTER, "Cyd pushed me.\n", "two", "one")
    third = posted(small, "2026-03-04", REPORTER, "Eve, too.\n", "three", "two")
    (case,) = small.cases(DAY)

    draft = split(small, case, second)["draft"]
    last = split(small, draft, third)["draft"]

    assert [shown(small, each)["mail"] for each in (case, draft, last)] == [[first], [second], [third]]
    small.do("case", "split", "--undo", last, on=DAY)
    small.do("case", "split", "--undo", draft, on=DAY)
    assert shown(small, case)["mail"] == [first, second, third]


def test_our_own_answer_goes_with_the_mail_that_it_answers(small: Story) -> None:
    case, _, second = opened(small)
    answer = posted(
        small, "2026-03-06", "Priya Raman <priya@committee.example.org>", "Thank you.\n", "ours", "two", Cc=CONDUCT
    )

    assert set(split(small, case, second)["mail"]) == {second, answer}


def test_who_stepped_aside_from_the_draft_stays_out_when_it_goes_back(story: Story) -> None:
    case, _, second = opened(story)
    draft = split(story, case, second)["draft"]
    story.do("member", "recuse", NOOR, draft, on=DAY)

    done = story.do("case", "split", "--undo", draft, "--json", on=DAY)

    assert done.json["kept_out"] == [NOOR]
    later = posted(story, "2026-03-08", REPORTER, "And again.\n", "three", "two")
    for mail in (second, later):
        story.do("mail", "show", mail, on=DAY, who=NOOR, status=1)
    story.do("case", "show", case, on=DAY, who=TOMAS)
    story.do("member", "unrecuse", NOOR, case, on=DAY)
    story.do("mail", "show", later, on=DAY, who=NOOR)
    story.do("audit", "verify", on=DAY)
