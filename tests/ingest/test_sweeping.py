"""The unattended sweep in a trial home: real stores, a real mailbox, a day after the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import jobs
from ingest.clock import Clock
from ingest.config import load_settings
from ingest.home import Home
from ingest.sweeping import Standing, Swept, sweep_once
from records import keyring, sweeping
from tests.crash.sweeper import sweep
from tests.scenes import Post, Scene, mail_from
from tests.servers.postgres import Postgres
from tests.story import EVERY_PART, Story, at

NOOR = "Noor Haddad"
ENABLED = {"retention": {"unattended": True}}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def story(request: pytest.FixtureRequest, tmp_path: Path, pymap_account: Post) -> Story:
    """A committee of two that has enabled the sweep, on each database."""
    values: dict[str, Any] = dict(ENABLED)
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres_server")
        values["store"] = {"content_url": server.create(), "keys_url": server.create()}
    return Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman", NOOR], values=values))


@pytest.fixture
def small(tmp_path: Path, pymap_account: Post) -> Story:
    """The same on SQLite alone."""
    return Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman", NOOR], values=ENABLED))


def swept(story: Story, on: str) -> Swept:
    """One run on a day."""
    return sweep(story.scene.home.root, {"CONDUCT_TODAY": on})


def days(first: str, last: str, step: int = 1) -> Iterator[str]:
    """The days from the first to the last."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day.isoformat()
        day += timedelta(days=step)


def run(story: Story, first: str, last: str, step: int = 1) -> dict[str, set[str]]:
    """The sweep once on each of the days; what it destroyed on which."""
    found: dict[str, set[str]] = {}
    for day in days(first, last, step):
        one = swept(story, day)
        assert one.standing is Standing.RUNNING
        if one.done:
            found[day] = {f"{item.code_name} {item.part}" for item in one.done}
    return found


def begin(story: Story, on: str) -> None:
    """The first run after a long silence, which nobody can tell from a wrong clock; a member looks, and resumes."""
    assert swept(story, on).began_doubting
    story.do("retain", "resume", "--yes", on=on)
    swept(story, on)


def planned(story: Story, on: str) -> list[dict[str, Any]]:
    """What ``retain plan`` lists on a day."""
    found: list[dict[str, Any]] = story.scene.conduct("retain", "plan", "--json", on=on).done().json["items"]
    return found


def standing(story: Story, on: str) -> dict[str, Any]:
    """What ``retain plan`` tells of the sweep."""
    found: dict[str, Any] = story.scene.conduct("retain", "plan", "--json", on=on).done().json["sweep"]
    return found


def test_it_carries_out_what_a_members_apply_does(story: Story) -> None:
    resolved = story.record("2025-01-08")
    story.close(resolved, "resolved", "2025-01-10")
    begin(story, "2026-02-18")
    assert run(story, "2026-02-19", "2026-02-20") == {}
    nothing = story.record("2026-02-20", "Cyd <@cyd>")
    assert run(story, "2026-02-21", "2026-02-25") == {}
    story.close(nothing, "no-violation", "2026-02-26")

    gone = run(story, "2026-02-26", "2026-03-15")

    assert set(gone) == {"2026-03-01", "2026-03-10"}
    assert gone["2026-03-01"] == {f"{nothing} {part.partition(' ')[0]}" for part in EVERY_PART}
    assert gone["2026-03-10"] == {f"{resolved} {part.partition(' ')[0]}" for part in EVERY_PART}
    assert story.scene.in_mailbox() == {}
    assert {each["status"] for each in story.cases("2026-03-15").values()} == {"expunged"}
    story.do("audit", "verify", on="2026-03-15")
    acts = story.scene.conduct("audit", "list", "--json", on="2026-03-15").done().json["entries"]
    assert {each["act"] for each in acts if each["actor"] == "server" and each["about"] == resolved} >= {
        "draft",
        "retain-notice",
        "expunge",
    }


def test_it_does_nothing_until_it_is_enabled(tmp_path: Path, pymap_account: Post) -> None:
    story = Story(Scene.found(tmp_path, pymap_account, names=["Priya Raman"]))
    story.close(story.record("2025-01-08"), "resolved", "2025-01-10")

    for day in days("2026-03-10", "2026-05-10", 5):
        assert swept(story, day).standing is Standing.OFF

    assert story.due("2026-05-10") == EVERY_PART
    assert standing(story, "2026-05-10")["state"] == "off"


def test_what_is_on_notice_and_when_it_goes_is_told(small: Story) -> None:
    case = small.record("2026-01-08")
    small.close(case, "no-violation", "2026-01-10")
    swept(small, "2026-01-10")

    items = planned(small, "2026-01-10")
    text = small.scene.conduct("retain", "plan", on="2026-01-10").done().out
    doctor = small.scene.conduct("doctor", "--json", on="2026-01-10").json["checks"]

    assert {item["sweep_not_before"] for item in items} == {"2026-01-13"}
    assert all(item["on_notice_since"].startswith("2026-01-10T") for item in items)
    assert f"{case}: reporter's part, person 1, account" in text
    assert "on notice since 2026-01-10, goes on 2026-01-13 at the earliest" in text
    told = [each["message"] for each in doctor if each["check"] == "sweep"]
    assert told[0].startswith("The unattended sweep last ran at 2026-01-10")
    assert told[1] == "5 parts on notice, the first of them for 2026-01-13."
    assert run(small, "2026-01-11", "2026-01-14").keys() == {"2026-01-13"}


def test_a_hold_during_the_notice_keeps_the_case_and_its_end_announces_anew(small: Story) -> None:
    case = small.record("2025-01-08")
    small.close(case, "resolved", "2025-01-10")
    begin(small, "2026-03-01")
    run(small, "2026-03-02", "2026-03-08")
    small.do("retain", "hold", case, "--reason", "they may appeal", on="2026-03-08")
    assert run(small, "2026-03-08", "2026-03-20") == {}
    assert {item["sweep_not_before"] for item in planned(small, "2026-03-20")} == {None}
    small.do("retain", "release", case, on="2026-03-20")

    gone = run(small, "2026-03-20", "2026-04-10")

    assert set(gone) == {"2026-04-03"}


def test_a_member_pauses_it_and_another_resumes_it(small: Story) -> None:
    case = small.record("2025-01-08")
    small.close(case, "resolved", "2025-01-10")
    begin(small, "2026-03-01")
    run(small, "2026-03-02", "2026-03-09")
    said = small.do("retain", "pause", "--reason", "We ask Xanthippe first.", on="2026-03-09").out
    assert "conduct retain resume" in said
    for day in days("2026-03-09", "2026-03-12"):
        assert swept(small, day).standing is Standing.PAUSED
    small.do("retain", "pause", "--reason", "again", on="2026-03-12", status=1)
    assert standing(small, "2026-03-12")["stopped_by"] == "Priya Raman"
    assert "paused by Priya Raman on 2026-03-09" in small.scene.conduct("retain", "plan", on="2026-03-12").done().out
    assert small.scene.files_with(b"Xanthippe") == []

    done = small.do("retain", "resume", "--yes", on="2026-03-12", who=NOOR)

    assert "We ask Xanthippe first." in done.err
    small.do("retain", "resume", "--yes", on="2026-03-12", status=1)
    assert run(small, "2026-03-13", "2026-03-28").keys() == {"2026-03-27"}
    assert case in small.cases("2026-03-28")
    small.do("audit", "verify", on="2026-03-28")


def test_a_member_pauses_it_while_the_clock_is_doubted(small: Story) -> None:
    assert swept(small, "2026-03-01").began_doubting

    small.do("retain", "pause", "--reason", "We ask Xanthippe first.", on="2026-03-02")

    assert swept(small, "2026-03-03").standing is Standing.PAUSED
    assert standing(small, "2026-03-03")["stopped_by"] == "Priya Raman"
    done = small.do("retain", "resume", "--yes", on="2026-03-04", who=NOOR)
    assert "We ask Xanthippe first." in done.err
    assert swept(small, "2026-03-05").standing is Standing.RUNNING


def test_the_reason_of_a_pause_goes_after_the_days_for_unlinked_mail(small: Story) -> None:
    begin(small, "2026-03-08")
    small.do("retain", "pause", "--reason", "We ask Xanthippe first.", on="2026-03-09")
    with small.scene.looking() as transaction:
        stop = sweeping.load(transaction).stop
        assert stop is not None
        assert stop.note is not None

    small.scene.poll(on="2026-04-07")
    assert "Xanthippe" in small.scene.conduct("retain", "resume", on="2026-04-07").err
    small.scene.poll(on="2026-04-09")

    assert "Xanthippe" not in small.scene.conduct("retain", "resume", on="2026-04-09").err
    assert swept(small, "2026-04-09").standing is Standing.PAUSED
    with small.scene.looking() as transaction:
        assert keyring.readers_of(transaction, stop.note) == set()
    small.do("retain", "resume", "--yes", on="2026-04-09")


def test_a_member_may_apply_while_it_is_paused(small: Story) -> None:
    case = small.record("2025-01-08")
    small.close(case, "resolved", "2025-01-10")
    small.do("retain", "pause", "--reason", "a pause", on="2026-03-09")

    small.do("retain", "apply", "--yes", on="2026-03-10")

    assert small.cases("2026-03-10")[case]["status"] == "expunged"


@pytest.mark.parametrize(
    ("to", "why"), [("2026-04-20", "away"), ("2026-02-20", "behind-records"), ("2111-03-09", "far-future")]
)
def test_a_clock_that_jumps_stops_it_and_members_are_told(small: Story, to: str, why: str) -> None:
    case = small.record("2025-01-08")
    small.close(case, "resolved", "2025-01-10")
    begin(small, "2026-03-01")
    run(small, "2026-03-02", "2026-03-09")

    assert swept(small, to).began_doubting
    assert not swept(small, "2026-03-10").done

    found = standing(small, "2026-03-10")
    assert (found["state"], found["stopped_because"]) == ("doubting", why)
    doctor = small.scene.conduct("doctor", "--json", on="2026-03-10").json["checks"]
    assert next(each["state"] for each in doctor if each["check"] == "sweep") == "problem"
    small.do("retain", "resume", "--yes", on="2026-03-10")
    assert run(small, "2026-03-10", "2026-03-24").keys() == {"2026-03-24"}


@pytest.mark.parametrize("hours", [3, -3])
def test_the_time_since_the_machine_was_started_gives_a_jump_away(small: Story, hours: int) -> None:
    """Nothing on record tells it, and no day has passed; only the seconds since the start do."""
    home = small.scene.home
    now = Clock().now()
    with small.scene.opened() as store:
        job = jobs.service(home, load_settings(home), {}, store, now)
        assert sweep_once(job).began_doubting  # the committee was founded months ago, and silent since
        small.scene.conduct("retain", "resume", "--yes").done()

        ran = [sweep_once(dataclasses.replace(job, now=now + timedelta(minutes=minutes))) for minutes in (0, 30)]
        jumped = sweep_once(dataclasses.replace(job, now=now + timedelta(hours=hours)))

    assert {one.standing for one in ran} == {Standing.RUNNING}
    assert jumped.began_doubting


def test_a_day_takes_three_cases_however_often_it_runs(small: Story) -> None:
    for n in range(5):
        small.close(small.record("2026-01-08", f"Cyd <@cyd{n}>"), "no-violation", "2026-01-10")
    run(small, "2026-01-10", "2026-01-12")

    taken = [{item.code_name for item in swept(small, "2026-01-13").done} for _ in range(3)]

    assert [len(each) for each in taken] == [3, 0, 0]
    assert [len(names) for names in run(small, "2026-01-14", "2026-01-15").values()] == [2 * 5]


def test_what_one_member_dismissed_goes_after_its_notice(small: Story) -> None:
    small.scene.deliver(mail_from("Shop <shop@mail.example>", "Offer"), at("2026-01-08"))
    small.scene.poll(on="2026-01-08")
    (draft,) = small.cases("2026-01-08")
    small.do("case", "dismiss", draft, "--reason", "an advertisement", on="2026-01-08")

    gone = run(small, "2026-01-08", "2026-02-10")

    assert set(gone) == {"2026-02-07"}
    assert small.scene.in_mailbox() == {}


def test_a_mailbox_that_is_away_keeps_nothing_from_being_destroyed(small: Story, tmp_path: Path) -> None:
    case = small.record("2026-01-08")
    small.close(case, "no-violation", "2026-01-10")
    run(small, "2026-01-10", "2026-01-12")
    file = small.scene.home.settings_file
    text = file.read_text()
    assert small.scene.account is not None
    file.write_text(text.replace(f"port = {small.scene.account.port}", "port = 1"))

    one = swept(small, "2026-01-13")

    assert {item.part for item in one.done} == {"reporter", "subject", "account", "mail", "mailbox"}
    assert one.residue[0].startswith("The copies in the mailbox go with the next poll")
    file.write_text(text)
    assert swept(small, "2026-01-14").done == ()
    small.scene.poll(on="2026-01-14")
    assert small.scene.in_mailbox() == {}


def test_a_store_without_the_server_keys_is_left_alone(small: Story, tmp_path: Path) -> None:
    assert isinstance(small.scene.home, Home)
    small.scene.home.server_keys.unlink()

    with pytest.raises(Exception, match="key"):
        swept(small, "2026-01-13")
