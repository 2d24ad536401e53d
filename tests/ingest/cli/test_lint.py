"""``conduct lint --context`` and ``conduct explain`` as a hook or a person calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from policies.lint.explained import EXPLAINED
from policies.lint.rules import RULES
from tests.cli_runner import ROOT, Completed, call_conduct
from tests.policies.lint.builders import ANSWERED, CONTEXT, draft

HEAVY = (
    "sqlalchemy",
    "alembic",
    "rich",
    "apscheduler",
    "mailparser",
    "pydantic",
    "cryptography",
    "jinja2",
    # Of Python itself, what most drafts have no use for.
    "_hashlib",
    "shutil",
    "tempfile",
    "zipfile",
    "difflib",
    "email",
    "html.parser",
    "imapclient",
)
NAMED = b"Hello Mira,\n\nDana Okoye told us so.\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a context file and an earlier message."""
    (tmp_path / "context.json").write_text(json.dumps(CONTEXT))
    (tmp_path / "earlier.eml").write_bytes(ANSWERED)
    return tmp_path


def _lint(files: Path, raw: bytes, *extra: str) -> Completed:
    context, earlier = files / "context.json", files / "earlier.eml"
    return call_conduct("lint", "-", "--context", context, "--thread", earlier, *extra, stdin=raw)


def test_clean_draft(files: Path) -> None:
    answer = _lint(files, draft(), "--json")

    assert (answer.status, answer.json["verdict"], answer.json["findings"]) == (0, "pass", [])
    assert [(each["field"], each["role"]) for each in answer.json["recipients"]] == [
        ("To", "organiser"),
        ("Cc", "committee"),
        ("Cc", "outsider"),
    ]


def test_text_has_recipients_place_and_caret(files: Path) -> None:
    answer = _lint(files, draft(NAMED.decode()))

    assert answer.status == 1
    lines = answer.out.splitlines()
    assert lines[1].split() == ["To", "organiser", "mira@fest.example.com", "Mira", "Sand"]
    assert any("body:3:1" in line and "reporter-named" in line for line in lines)
    assert lines[-1].endswith("Not sent.")
    assert any(set(line.strip(" |")) == {"^"} for line in lines)


@pytest.mark.parametrize("extra", [(), ("--json",), ("--format", "jsonl")])
def test_protected_names_are_blacked_out_where_nobody_looks(files: Path, extra: tuple[str, ...]) -> None:
    hidden, revealed = (_lint(files, draft(NAMED.decode()), *extra, *more).out for more in ((), ("--reveal",)))

    assert "Dana" not in hidden
    assert "Okoye" not in hidden
    assert "reporter 1" in hidden
    assert "Dana" in revealed


def test_allowed_with_a_reason(files: Path) -> None:
    raw = draft(cc="care@club.example.org")

    assert _lint(files, raw).status == 1
    assert _lint(files, raw, "--allow", "note-missing=paul@dorn.example.com", "--reason", "He asked.").status == 0
    assert _lint(files, raw, "--allow", "note-missing=bo@example.com", "--reason", "He asked.").status == 1


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        (("--allow", "note-missing"), 2),
        (("--reason", "so"), 2),
        (("--allow", "no-such-rule", "--reason", "so"), 2),
        (("--allow", "reporter-named", "--reason", "so"), 1),
        (("--case", "silver lantern"), 2),
    ],
)
def test_wrong_use(files: Path, extra: tuple[str, ...], status: int) -> None:
    answer = _lint(files, draft(), *extra)

    assert (answer.status, answer.out) == (status, "")
    assert answer.err.startswith("conduct: ")  # what is wrong, before anything else is said


def test_strict_counts_warnings(files: Path) -> None:
    raw = draft(subject="", answers="", cc="care@club.example.org")

    assert (_lint(files, raw).status, _lint(files, raw, "--strict").status) == (0, 1)


def test_envelope_recipients_that_no_header_shows_are_blind_copies(files: Path) -> None:
    answer = _lint(files, draft(), "--json", "--recipients", "mira@fest.example.com,hidden@x.example.com")

    assert [(each["rule"], each["about"]) for each in answer.json["findings"]] == [("bcc-used", "hidden@x.example.com")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"conduct": 1}', "conduct: must be a list"),
        ("{", "is no JSON"),
        ('{"conduct": [], "conduct": []}', "given twice"),
    ],
)
def test_context_file_that_is_wrong(files: Path, content: str, told: str) -> None:
    (files / "context.json").write_text(content)
    answer = _lint(files, draft())

    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"just some words\nand more\n"])
def test_nothing_to_check(files: Path, raw: bytes) -> None:
    assert _lint(files, raw).status == 3


def test_nothing_heavy_is_imported(files: Path) -> None:
    (files / "draft.eml").write_bytes(draft(NAMED.decode()))
    arguments = ["lint", str(files / "draft.eml"), "--context", str(files / "context.json")]
    script = (
        f"import sys; from ingest.cli.app import run; run({arguments!r});"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )

    assert finished.stderr.strip() == "[]"


def test_every_rule_is_explained() -> None:
    assert list(EXPLAINED) != []
    assert EXPLAINED.keys() == RULES.keys()
    assert all(each.fires and each.silent and each.serves for each in EXPLAINED.values())


def test_explain() -> None:
    answer = call_conduct("explain", "note-missing", "--json").done().json

    assert (answer["severity"], answer["override"]) == ("error", "reason")
    assert call_conduct("explain", "note-mising").status == 2
