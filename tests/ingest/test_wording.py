"""The wording rules as they are read: kept beside the file where that may be, and never longer than the file stands."""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from ingest import wording
from policies.errors import WrongUsage

RULE = '[[rule]]\nid = "word-label"\nany = ["{word}"]\nmessage = "m"\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "xx.toml"
    file.write_text(RULE.format(word="culprit"))
    return file


def _words(file: Path) -> list[str]:
    return [word for entry in wording._entries(file) for word in entry.any]


def test_a_file_is_read_once_and_again_when_it_changed(file: Path) -> None:
    assert _words(file) == ["culprit"]
    kept = Path(cache_from_source(str(file)))
    first = kept.read_bytes()
    assert wording._entries(file) == wording._entries(file)
    assert kept.read_bytes() == first
    file.write_text(RULE.format(word="offender"))
    os.utime(file, (2_000_000_000, 2_000_000_000))
    assert _words(file) == ["offender"]


def test_what_is_kept_and_broken_is_made_anew(file: Path) -> None:
    _words(file)
    kept = Path(cache_from_source(str(file)))
    kept.write_bytes(kept.read_bytes()[:12])
    assert _words(file) == ["culprit"]


def test_what_another_reader_kept_is_made_anew(file: Path) -> None:
    os.utime(file, (1_000_000_000, 1_000_000_000))
    _words(file)
    stated = int.from_bytes(Path(cache_from_source(str(file))).read_bytes()[8:12], "little")
    assert stated >= int(Path(wording.__file__).stat().st_mtime)


def test_nothing_is_kept_where_python_keeps_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _words(file) == ["culprit"]
    assert not (file.parent / "__pycache__").exists()


@pytest.mark.parametrize("text", ["[[rule", '[[rule]]\nid = "x"\n', "\xff"])
def test_a_bad_file_is_refused_each_time(file: Path, text: str) -> None:
    file.write_bytes(text.encode("latin-1"))
    for _ in range(2):
        with pytest.raises((WrongUsage, ValueError)):
            wording._entries(file)


def test_what_is_kept_says_what_the_files_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    read = wording.read_wording()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert wording.read_wording() == read == wording.read_wording()
    assert list(tmp_path.rglob("en.*.pyc"))
