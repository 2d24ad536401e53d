"""The weekly digest: what it tells, when it is due, and that each member gets it once whatever happens in between."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest import jobs
from ingest.config import load_settings
from ingest.config_file import write_settings
from ingest.daemon import digest
from ingest.daemon.digest import Sent, due_day
from policies.errors import Refused, Unavailable
from tests.scenes import CONDUCT, Scene, mail_from
from tests.servers.account import Account
from tests.servers.sink import Sink

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
MARK = "Zqxmark"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@pytest.fixture
def scene(tmp_path: Path, pymap_account: Account, sink: Sink) -> Scene:
    """A committee of three with a smarthost and a case of each kind."""
    return _with_smarthost(Scene.found(tmp_path, pymap_account), sink.port)


def _with_smarthost(scene: Scene, port: int) -> Scene:
    assert scene.account is not None
    place = {"host": "127.0.0.1", "tls": "none"}
    imap = {**place, "port": scene.account.port, "user": scene.account.user, "password_file": "imap.password"}
    values: dict[str, Any] = {"address": CONDUCT, "trial": True, "imap": imap, "smtp": {**place, "port": port}}
    write_settings(scene.home, values)
    return scene


def send(scene: Scene, now: datetime) -> str:
    """The task, at an instant."""
    with scene.opened() as store:
        return digest.send_if_due(jobs.service(scene.home, load_settings(scene.home), {}, store, now))


def text_of(content: bytes) -> str:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    return f"{mail['Subject']}\n{mail.get_content()}"


@pytest.mark.parametrize(
    ("today", "last", "due"),
    [
        (date(2026, 11, 16), None, date(2026, 11, 16)),
        (date(2026, 11, 20), None, date(2026, 11, 16)),
        (date(2026, 11, 20), Sent(date(2026, 11, 16), (), is_complete=True), None),
        (date(2026, 11, 20), Sent(date(2026, 11, 16), ("p1",)), date(2026, 11, 16)),
        (date(2026, 11, 22), Sent(date(2026, 11, 9), (), is_complete=True), date(2026, 11, 16)),  # was off that day
        (date(2026, 11, 23), Sent(date(2026, 11, 16), (), is_complete=True), date(2026, 11, 23)),
        (date(2026, 11, 20), Sent(date(2031, 1, 6), (), is_complete=True), date(2026, 11, 16)),  # a clock was wrong
    ],
)
def test_when_it_is_due(today: date, last: Sent | None, due: date | None) -> None:
    assert due_day("monday", today, last) == due


def test_never_is_never() -> None:
    assert due_day("never", date(2026, 11, 16), None) is None


def test_every_day_of_two_years_has_one_a_week() -> None:
    last: Sent | None = None
    days = []
    for number in range(730):
        due = due_day("thursday", date(2026, 1, 1) + timedelta(days=number), last)
        if due is not None:
            days.append(due)
            last = Sent(due, (), is_complete=True)

    assert days == [date(2026, 1, 1) + timedelta(days=7 * week) for week in range(105)]


def test_it_goes_to_each_member_once_a_week(scene: Scene, sink: Sink) -> None:
    assert send(scene, MONDAY) == "The digest was sent to 3 members."
    assert send(scene, MONDAY + timedelta(hours=1)) == ""
    assert send(scene, MONDAY + timedelta(days=6)) == ""

    assert sorted(taken.recipients for taken in sink.taken) == [
        (member.address,) for member in sorted(scene.members, key=lambda one: one.address)
    ]
    assert send(scene, MONDAY + timedelta(days=9)) != ""
    assert len(sink.taken) == 6


def test_it_tells_code_names_and_counts_and_nothing_else(scene: Scene, sink: Sink) -> None:
    scene.deliver(mail_from(f"{MARK} <{MARK}@example.net>", f"{MARK} report", f"{MARK} was there.\n"))
    scene.deliver(mail_from(f"{MARK}2@example.net", f"{MARK} another", f"{MARK} as well.\n"))
    scene.poll()
    cases = scene.conduct("case", "list", "--json").done().json["cases"]
    first, second = (each["case"] for each in cases)
    scene.conduct("case", "accept", first, "--subject", f"{MARK} <{MARK}3@example.net>", on="2026-11-01").done()
    scene.conduct("case", "close", first, "--outcome", "no-violation", "--yes", on="2026-11-14")
    scene.conduct("retain", "hold", second, "--reason", f"{MARK} asked.")

    send(scene, MONDAY)

    text = text_of(sink.taken[0].content)
    assert text.startswith("1 draft to review: 2026-11-16\n")
    assert MARK.lower() not in sink.taken[0].content.decode().lower()
    assert f"{second}" in text
    assert "overdue" in text
    assert "1 draft waits for longer than the 7 days in which a first answer is promised." in text
    assert first in text
    assert "If it does not come, something is wrong" in text
    assert not [name for member in scene.members for name in member.name.split() if name in text]
    assert all(len(line) < 130 for line in text.splitlines())
    assert "\n\n\n" not in text


def test_it_is_no_mail_that_a_vacation_answers(scene: Scene, sink: Sink) -> None:
    send(scene, MONDAY)

    mail = email.message_from_bytes(sink.taken[0].content, policy=email.policy.default)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == CONDUCT
    assert mail["Date"].datetime == MONDAY


def test_a_smarthost_that_breaks_off_leaves_the_rest_for_later(tmp_path: Path, pymap_account: Account) -> None:
    answers = iter(["250 Taken", "451 later", *["250 Taken"] * 9])
    with Sink(answer=lambda _: next(answers)) as sink:
        scene = _with_smarthost(Scene.found(tmp_path, pymap_account), sink.port)
        with pytest.raises(Unavailable):
            send(scene, MONDAY)

        send(scene, MONDAY + timedelta(hours=1))

        assert sorted(taken.recipients[0] for taken in sink.taken) == sorted(one.address for one in scene.members)


def test_who_is_refused_keeps_nobody_else_from_it(tmp_path: Path, pymap_account: Account) -> None:
    answers = iter(["550 no", *["250 Taken"] * 9])
    with Sink(answer=lambda _: next(answers)) as sink:
        scene = _with_smarthost(Scene.found(tmp_path, pymap_account), sink.port)
        with pytest.raises(Refused, match="refuses the digest for 1 of 3 members"):
            send(scene, MONDAY)

        assert len(sink.taken) == 2
        assert send(scene, MONDAY + timedelta(hours=1)) == ""


def test_one_full_mailbox_lets_the_others_have_theirs(tmp_path: Path, pymap_account: Account) -> None:
    full = "451 4.2.2 full"
    scene = Scene.found(tmp_path, pymap_account)
    first = scene.members[0].address
    is_full = [True]
    with Sink(on_recipient=lambda who: full if is_full[0] and who == first else "250 2.1.5 Ok") as sink:
        _with_smarthost(scene, sink.port)
        with pytest.raises(Unavailable):
            send(scene, MONDAY)
        assert {mail.recipients[0] for mail in sink.taken} == {each.address for each in scene.members[1:]}
        is_full[0] = False
        send(scene, MONDAY + timedelta(hours=1))
        assert [mail.recipients[0] for mail in sink.taken].count(first) == 1
        assert len(sink.taken) == 3


def test_without_a_note_of_it_nothing_is_sent(scene: Scene, sink: Sink) -> None:
    """Else a disk that is full for a week would send it every few minutes."""
    (scene.home.root / digest.FILE).mkdir()

    with pytest.raises(OSError):
        send(scene, MONDAY)

    assert sink.taken == []


def test_without_a_smarthost_there_is_none(tmp_path: Path) -> None:
    assert send(Scene.found(tmp_path, None), MONDAY) == ""
