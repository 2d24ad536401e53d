"""Wrong answers on the command line: the exit status, a sentence, what to do, and nothing changed."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator

import pytest

from records import cases
from tests.records.builders import add_mail
from tests.scenes import Scene
from tests.story import Story, at

DAY = "2026-03-10"
STATES = ("DRAFT", "OPEN", "TWO", "CLOSED", "BANNED", "OVER", "GONE", "MERGED", "NOBODY")


@dataclasses.dataclass(frozen=True)
class Known:
    """A committee with a case in every state; the tests change nothing in it."""

    story: Story
    names: dict[str, str]

    def fill_in(self, words: str) -> list[str]:
        return [self.names.get(word, word) for word in words.split()]

    def digest(self) -> str:
        """All that ``case show`` tells of all cases, and the audit chain."""
        said = [self.story.do("case", "show", case, on=DAY).out for case in self.names.values() if " " in case]
        return hashlib.sha256("".join([*said, self.story.do("audit", "list", on=DAY).out]).encode()).hexdigest()


def _draft(story: Story) -> str:
    with story.scene.opened() as store, store.writing() as transaction:
        case = cases.new_draft(transaction, at("2026-03-02"))
        add_mail(transaction, case.received, case=case.id)
        return case.code_name


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    story = Story(Scene.found(tmp_path_factory.mktemp("known")))
    names = {
        state: _draft(story)
        for state in ("DRAFT", "OPEN", "TWO", "CLOSED", "BANNED", "OVER", "GONE", "MERGED", "NOBODY")
    }
    for state in ("OPEN", "CLOSED", "BANNED", "OVER"):
        story.do("case", "accept", names[state], "--subject", f"Bo <@bo-{state}>", on=DAY)
    story.do("case", "accept", names["TWO"], "--subject", "Bo <@one>", "--subject", "Cyd <@two>", on=DAY)
    story.do("case", "accept", names["NOBODY"], on=DAY)
    story.close(names["CLOSED"], "resolved", DAY)
    story.close(names["BANNED"], "banned", DAY, "--ban-from", "2026-03-08", "--ban-until", "2027-03-08")
    story.close(names["OVER"], "banned", DAY, "--ban-from", "2026-03-01", "--ban-until", "2026-03-05")
    story.do("case", "dismiss", names["GONE"], "--reason", "spam", on=DAY)
    story.do("case", "merge", names["MERGED"], names["DRAFT"], on=DAY)
    names |= {"NOOR": "noor", "PRIYA": "priya"}
    names["MAIL"] = story.scene.listed()[0]["id"]
    names["ACT"] = story.do("retain", "hold", names["CLOSED"], "--reason", "appeal", "--json", on=DAY).json["act"]
    found = Known(story, names)
    before = found.digest()
    yield found
    assert found.digest() == before, "something was changed by what was refused"


BAD = [
    # a case that is not there
    ("case show musical-bouldr", 2, "no such code name", "Did you mean musical boulder?"),
    ("case accept ../etc", 2, "named by two words", "amber kettle"),
    ("retain hold nobody-here --reason x", 2, "no such code name", "conduct case list"),
    # fields
    ("case edit OPEN", 2, "Nothing is to be changed", "FIELD=VALUE"),
    ("case edit OPEN summary", 2, "FIELD=VALUE", "Fields: date_of_first_report"),
    ("case edit OPEN colour=red", 2, "no such field", "Fields: date_of_first_report"),
    ("case edit OPEN expunge_on=2026-01-01", 2, "expunge_on cannot be written", "conduct retain deviate"),
    ("case edit OPEN banned_or_flagged=banned", 2, "banned_or_flagged cannot be written", "conduct case close"),
    ("case edit OPEN named_subjects=Bo", 2, "named_subjects cannot be written", "--subject"),
    ("case edit OPEN date_of_first_report=soon", 2, "no date", "YYYY-MM-DD"),
    ("case edit OPEN date_of_first_report=2026-02-30", 2, "no date", "YYYY-MM-DD"),
    ("case edit OPEN date_of_first_report=", 2, "no date", "YYYY-MM-DD"),
    ("case edit OPEN date_of_first_report=2026-03-11", 2, "future", "Give the day"),
    ("case edit OPEN reporter=Nobody", 2, "Nobody on the roster", "conduct member list"),
    ("case edit OPEN reporter=", 2, "Nobody on the roster", "conduct member list"),
    ("case edit OPEN --subject <>", 2, "not understood", "Name <address"),
    # states
    ("case accept OPEN", 1, "is open; this needs draft", "conduct case close"),
    ("case accept CLOSED", 1, "is closed; this needs draft", "conduct case show"),
    ("case accept GONE", 1, "is dismissed; this needs draft", "conduct case list"),
    ("case accept MERGED", 1, "is merged; this needs draft", "merged into"),
    ("case edit DRAFT summary=x", 1, "is draft; this needs open", "conduct case accept"),
    ("case edit CLOSED summary=x", 1, "is closed; this needs open", "conduct case show"),
    ("case close DRAFT --outcome resolved", 1, "is draft; this needs open", "conduct case accept"),
    ("case close CLOSED --outcome resolved", 1, "is closed; this needs open", "conduct case show"),
    ("case dismiss OPEN --reason x", 1, "is open; this needs draft", "conduct case close"),
    ("case dismiss DRAFT", 2, "--reason", "--reason"),
    ("case merge OPEN TWO", 1, "is open; this needs draft", "conduct case close"),
    ("case merge DRAFT CLOSED", 1, "is closed; this needs draft or open", "conduct case show"),
    ("case merge DRAFT DRAFT", 1, "merged into itself", "two different"),
    # decisions
    ("case close OPEN", 2, "--outcome", "--outcome"),
    ("case close OPEN --outcome forgiven", 2, "--outcome", "no-violation"),
    ("case close OPEN --outcome resolved --decided 2026-03-11", 2, "future", "Give the day"),
    ("case close OPEN --outcome resolved --decided 11.3.2026", 2, "--decided", "YYYY-MM-DD"),
    ("case close OPEN --outcome banned", 2, "has an end or is permanent", "--ban-until DATE or --permanent"),
    (
        "case close OPEN --outcome banned --permanent --ban-until 2027-01-01",
        2,
        "has an end or is permanent",
        "--ban-until",
    ),
    (
        "case close OPEN --outcome banned --ban-from 2026-03-05 --ban-until 2026-03-04",
        2,
        "end before it begins",
        "--ban-from",
    ),
    ("case close OPEN --outcome resolved --permanent", 2, "banned alone", "say banned"),
    ("case close OPEN --outcome flagged --ban-until 2027-01-01", 2, "banned alone", "say banned"),
    ("case close NOBODY --outcome flagged", 1, "nobody can be flagged", "--subject"),
    ("case close NOBODY --outcome banned --permanent", 1, "nobody can be banned", "--subject"),
    ("case close TWO --outcome resolved --subject 3", 2, "no subject 3", "conduct case show"),
    ("case close NOBODY --outcome resolved --subject 0", 2, "no subject 0", "conduct case show"),
    # bans
    ("case lift CLOSED", 1, "is banned", "conduct case show"),
    ("case lift OPEN", 1, "is open; this needs closed", "conduct case close"),
    ("case lift BANNED --subject 2", 1, "is banned", "conduct case show"),
    ("case lift BANNED --on 2026-03-07", 2, "from its beginning until today", "--on"),
    ("case lift BANNED --on 2026-03-11", 2, "from its beginning until today", "--on"),
    ("case lift OVER", 1, "over already", "conduct retain plan"),
    # the same person
    ("case same OPEN 1 TWO 3", 2, "no subject 3", "conduct case show"),
    ("case same OPEN 0 TWO 1", 2, "no subject", "conduct case show"),
    ("case same OPEN 1 OPEN 1", 2, "one and the same", "two cases"),
    ("case other DRAFT 1 TWO 1", 2, "no subject 1", "conduct case show"),
    # retention
    ("retain plan --on someday", 2, "no date", "YYYY-MM-DD"),
    ("retain hold DRAFT --reason x", 1, "is draft; this needs open or closed", "conduct case accept"),
    ("retain hold CLOSED --reason x --until 2026-03-10", 2, "end before it begins", "still to come"),
    ("retain release OPEN", 1, "Nobody holds", "conduct retain plan"),
    ("retain deviate OPEN --until never --reason x", 1, "is open; this needs closed", "conduct case close"),
    ("retain deviate CLOSED --until later --reason x", 2, "no date", "YYYY-MM-DD"),
    ("retain deviate CLOSED --until never --reason x --subject 4", 2, "no subject 4", "conduct case show"),
    ("agree nothing", 2, "Nothing waits under that name", "conduct agree"),
    ("agree ACT", 1, "another member's word", ""),
    # mail
    ("mail show m0000", 2, "no mail with that id", "conduct mail list"),
    ("mail release m0000 NOOR", 2, "no mail with that id", "conduct mail list"),
    ("mail release MAIL Nobody", 2, "Nobody on the roster", "conduct member list"),
    ("mail release MAIL NOOR", 1, "not held", "conduct mail list"),
    ("mail release MAIL PRIYA", 1, "from herself", "another member"),
    ("mail dismiss MAIL --reason x", 1, "belongs to", "conduct case dismiss"),
    ("mail file MAIL OPEN", 1, "belongs to a case already", "conduct case merge"),
    ("mail file m0000 OPEN", 2, "no mail with that id", "conduct mail list"),
    ("mail export --out /dev/null/x", 2, "cannot be made", "another folder"),
]


@pytest.mark.parametrize(("words", "status", "sentence", "hint"), BAD, ids=[row[0] for row in BAD])
def test_a_wrong_answer_says_what_to_do(known: Known, words: str, status: int, sentence: str, hint: str) -> None:
    answer = known.story.do(*known.fill_in(words), on=DAY, status=status)

    assert sentence in answer.err
    assert hint in answer.err
    assert answer.out == ""


def test_a_beginning_that_fits_two_code_names_is_ambiguous(known: Known) -> None:
    with known.story.scene.opened() as store, store.writing() as transaction:
        first, second = cases.find(transaction, known.names["OPEN"]), cases.find(transaction, known.names["TWO"])
        cases.update(transaction, first.id, code_name="amber kettle")
        cases.update(transaction, second.id, code_name="amber kiosk")

    told = known.story.do("case", "show", "amber-k", on=DAY, status=2)
    assert "amber kettle, amber kiosk" in told.err
    known.story.do("case", "show", "AMBER-KE", on=DAY)
    with known.story.scene.opened() as store, store.writing() as transaction:
        cases.update(transaction, first.id, code_name=known.names["OPEN"])
        cases.update(transaction, second.id, code_name=known.names["TWO"])


def test_without_a_terminal_apply_asks_for_yes_after_showing_the_plan(known: Known) -> None:
    due = "2030-01-01"
    told = known.story.do("retain", "apply", on=due, status=2)

    assert "Retention plan for 2030-01-01" in told.out
    assert "--yes" in told.err
    assert known.story.cases(due)[known.names["CLOSED"]]["status"] == "closed"


def test_with_nothing_due_apply_says_so_and_does_nothing(known: Known) -> None:
    told = known.story.do("retain", "apply", on=DAY)

    assert told.out.strip() == f"Nothing is due on {DAY}."
    assert known.story.do("retain", "apply", "--json", on=DAY).json["done"] == []
