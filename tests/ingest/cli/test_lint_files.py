"""What a committee sets for the check: lint.toml, wording of its own in lint.d, and whoever judges them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runner import Completed
from tests.scenes import CONDUCT, Scene

ENTRY = """\
[[rule]]
id = "word-judgement"
any = ["bonkers"]
message = '"{matched}" judges'
"""


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A committee without a mailbox."""
    return Scene.found(tmp_path)


def _write(scene: Scene, text: str, name: str = "lint.d/ours.toml") -> None:
    file = scene.home.configuration / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


def _lint(scene: Scene, words: str = "It was bonkers.") -> Completed:
    writer = scene.members[0]
    head = f"From: {writer.name} <{writer.address}>\nTo: lea@example.com\nCc: {CONDUCT}\nSubject: Hello\n"
    return scene.conduct("lint", "-", "--json", stdin=f"{head}\n{words}\n")


def _about(answer: Completed) -> list[tuple[str, str]]:
    return [(finding["rule"], finding["about"]) for finding in answer.json["findings"]]


def test_own_wording_is_added_to_the_programs(scene: Scene) -> None:
    assert _about(_lint(scene, "It was bonkers and disgusting.")) == [("word-judgement", "disgusting")]

    _write(scene, ENTRY)

    found = _about(_lint(scene, "It was bonkers and disgusting."))
    assert sorted(found) == [("word-judgement", "bonkers"), ("word-judgement", "disgusting")]
    assert scene.conduct("doctor").out.count("wording of your own: ours.toml") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENTRY.replace("word-judgement", "note-missing"), "lint.d/ours.toml, rule 1: note-missing is no rule about"),
        (ENTRY + ENTRY.replace("word-judgement", "word-ours"), "lint.d/ours.toml, rule 2: there is no rule word-ours"),
        (ENTRY.replace("any", "some"), "lint.d/ours.toml, rule 1: some: unknown key"),
        (ENTRY.replace("bonkers", "(bonk"), "lint.d/ours.toml, rule 1: word-judgement: '(bonk'"),
        (ENTRY.replace("any", 'kind = "regex"\nany').replace("bonkers", "(bonk"), "lint.d/ours.toml, rule 1"),
        (ENTRY.replace('"]', '"'), "ours.toml cannot be read"),
        ("\udcff", "ours.toml cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_place(scene: Scene, text: str, told: str) -> None:
    file = scene.home.configuration / "lint.d" / "ours.toml"
    file.parent.mkdir()
    file.write_bytes(text.encode("utf-8", "surrogateescape"))

    for answer in (_lint(scene), scene.conduct("config", "check")):
        assert answer.status == 2
        assert told in answer.err + answer.out
    assert told in scene.conduct("doctor").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[rules.word-judgment]\nseverity = "off"\n', "rules.word-judgment: no such rule"),
        ('[rules.reporter-named]\nexceptions = ["Ada to x@example.com"]\n', "never silenced"),
        ('[rules.thread-reused]\nseverity = "warning"\n', "never lowered"),
        ('[rules.word-judgement]\nexceptions = "bonkers"\n', "must be a list of texts"),
        ('[rules.word-judgement]\nseverity = "loud"\n', "must be error, warning, info or off"),
        ('[notes]\nmember = "readers"\n', "notes: has one key, members"),
        ('[[groups]]\nname = "Club"\naddress = "club@example.com"\nrole = "friend"\n', "lint.toml: groups[0].role"),
        ("members = []\n", "known from the roster"),
        ("rules = 7\n", "rules: must be a table"),
        ("rules = [\n", "lint.toml cannot be read"),
    ],
)
def test_lint_toml_is_judged_by_config_check_and_doctor(scene: Scene, text: str, told: str) -> None:
    _write(scene, text, "lint.toml")

    checked = scene.conduct("config", "check").done(2)
    assert told in checked.out
    assert told in scene.conduct("doctor").out
    assert told in _lint(scene).done(2).err


def test_right_files_are_right(scene: Scene) -> None:
    _write(scene, ENTRY)
    _write(scene, '[rules.word-judgement]\nexceptions = ["bonkers"]\n[notes]\nmembers = "readers"\n', "lint.toml")

    assert "lint" not in scene.conduct("config", "check").out
    assert _about(_lint(scene)) == []
