"""A case from its mail to its last day in one line each, played through the command line in a trial home.

story = Story.of(scene)
first = story.record("2025-01-08", "Bo Rook <@borook>")
story.close(first, "resolved", "2025-01-10")
story.goes(first)  # {"2026-03-10"}
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from tests.cli_runner import Completed
from tests.scenes import Scene, mail_from

REPORTER = "Ada Quill <ada.quill@mail.example>"
SUBJECT = "Bo Rook <@borook>"
FACTS = ("space=chat", "category=insult", "region=online")


@dataclasses.dataclass
class Story:
    """A scene with a calendar: every act names its day."""

    scene: Scene
    _number: Iterable[int] = dataclasses.field(default_factory=lambda: itertools.count(1))

    def report(self, day: str, mail: EmailMessage | None = None, *, sender: str = REPORTER) -> str:
        """A report that arrives and is taken in on a day; the code name of its draft."""
        number = next(iter(self._number))
        before = set(self.cases(day))
        self.scene.deliver(mail or mail_from(sender, f"Report {number}", f"It is about matter {number}.\n"), at(day))
        self.scene.poll(on=day)
        (new,) = set(self.cases(day)) - before
        return new

    def record(self, day: str, *subjects: str, words: Iterable[str] = (), sender: str = REPORTER, who: str = "") -> str:
        """The same, accepted on that day; ``words`` are further arguments of ``case accept``."""
        case = self.report(day, sender=sender)
        named = [word for subject in subjects or (SUBJECT,) for word in ("--subject", subject) if subject]
        self.do("case", "accept", case, *named, *words, on=day, who=who)
        return case

    def close(self, case: str, outcome: str, on: str, *words: str, who: str = "") -> dict[str, Any]:
        """A case closed on a day, with general facts; what ``case close --json`` answers."""
        answer: dict[str, Any] = self.do(
            "case", "close", case, "--outcome", outcome, *words, *FACTS, "--json", on=on, who=who
        ).json
        return answer

    def do(self, *words: object, on: str, who: str = "", status: int = 0) -> Completed:
        """A command of a member (the founder) on a day."""
        return self.scene.conduct(*words, on=on, who=who).done(status)

    # --- looking

    def cases(self, on: str) -> dict[str, dict[str, Any]]:
        """What ``case list --json`` shows, by code name."""
        found = self.scene.conduct("case", "list", "--json", on=on).done().json["cases"]
        return {each["case"]: each for each in found}

    def plan(self, on: str, case: str | None = None) -> list[dict[str, Any]]:
        """The plan's items for a day, of one case or of all."""
        found = self.scene.conduct("retain", "plan", "--on", on, "--json").done().json
        assert found["on"] == on
        return [item for item in found["items"] if case is None or item["case"] == case]

    def goes(self, case: str, on: str = "2026-03-01") -> dict[str, str | None]:
        """The day on which each part of a case goes, as planned on a day."""
        return {part(item): item["date"] for item in self.plan(on, case)}

    def last_day(self, case: str, on: str) -> str | None:
        """The one date to expunge, which list, show and the plan must agree on."""
        listed: str | None = self.cases(on)[case]["expunge_on"]
        shown = self.scene.conduct("case", "show", case, "--json", on=on).done().json
        assert shown["fields"]["expunge_on"]["value"] == listed
        return listed

    def due(self, on: str, case: str | None = None) -> set[str]:
        """Which parts are due."""
        return {part(item) for item in self.plan(on, case) if item["due"]}

    def held(self, on: str, case: str | None = None) -> set[str]:
        """Which parts something holds up."""
        return {part(item) for item in self.plan(on, case) if item["held"]}


def part(item: dict[str, Any]) -> str:
    """``reporter``, ``subject 1``, ``account``, ``mail``, ``mailbox``."""
    return item["part"] if item["person"] is None else f"{item['part']} {item['person']}"


def at(day: str, hour: int = 9) -> datetime:
    """An instant of a day."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


EVERY_PART = {"reporter", "subject 1", "account", "mail", "mailbox"}
