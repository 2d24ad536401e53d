"""A mail program's hook that cannot ask anybody: with the agent it knows thread and case, also as no service user."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.stored import Posted, fill
from tests.ingest.agent.agents import Agents, agents
from tests.scenes import CONDUCT, Scene

_NOBODY = "olga@venue.example.com"


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[Agents, list[Posted]]]:
    """Six mails on record, and a member who does not hold the service's keys."""
    scene = Scene.found(tmp_path)
    posted = fill(scene, 6)
    scene.home.server_keys.unlink()
    with agents(tmp_path, scene) as made:
        yield made, posted


def _draft(folder: Path, to: str, answers: str = "") -> Path:
    file = folder / "draft.eml"
    threaded = f"In-Reply-To: <{answers}>\n" if answers else ""
    file.write_text(
        f"From: Priya Raman <priya@committee.example.org>\nTo: {to}\nCc: {CONDUCT}\nSubject: Your letter\n{threaded}"
        "Date: Tue, 10 Mar 2026 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\nHello,\nthank you.\n"
    )
    return file


def test_answer_is_checked_with_its_thread(stored: tuple[Agents, list[Posted]], tmp_path: Path) -> None:
    hook, posted = stored
    draft = _draft(tmp_path, f"{posted[0].sender}, {_NOBODY}", posted[0].message_id)
    assert hook.conduct("lint", draft, "--json").done(4).json["verdict"] == "unchecked"
    hook.unlock()

    answer = hook.conduct("lint", draft, "--json").done(1).json
    assert {"thread-reused", "note-missing"} & {each["rule"] for each in answer["findings"]}
    alone = _draft(tmp_path, posted[0].sender, posted[0].message_id)
    assert hook.conduct("lint", alone, "--json").done().json["verdict"] == "pass"


def test_mail_that_answers_nothing_is_known_by_whom_it_goes_to(
    stored: tuple[Agents, list[Posted]], tmp_path: Path
) -> None:
    hook, posted = stored
    hook.unlock()

    answer = hook.conduct("lint", _draft(tmp_path, posted[0].sender), "--json").json

    assert "reporter" in {each["role"] for each in answer["recipients"]}
    stranger = hook.conduct("lint", _draft(tmp_path, _NOBODY), "--json").json
    assert any("No case is on record" in line for line in stranger["not_checked"])


def test_mail_that_came_since_is_known(stored: tuple[Agents, list[Posted]], tmp_path: Path) -> None:
    hook, _ = stored
    hook.unlock()
    before = hook.line().recall()
    (newer,) = fill(hook.scene, 1, first=6)

    answer = hook.conduct("lint", _draft(tmp_path, newer.sender, newer.message_id), "--json").done().json

    assert "reporter" in {each["role"] for each in answer["recipients"]}
    assert len(hook.line().recall()) > len(before)


def test_nothing_that_is_remembered_names_anybody(stored: tuple[Agents, list[Posted]]) -> None:
    hook, posted = stored
    hook.unlock()

    kept = hook.line().recall()
    assert len(kept) > 100
    assert not any(word.encode() in kept for each in posted for word in (each.sender, each.message_id, each.mail))
