"""Where the agent's socket lies, and what is refused in its place."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ingest.agent.client import Line
from ingest.agent.place import Place, place_of
from ingest.home import Home
from policies.errors import WrongUsage
from tests.ingest.agent.agents import Agents


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir(mode=0o700)
    return Home(tmp_path / "home", tmp_path / "home")


def _runtime(tmp_path: Path, mode: int = 0o700) -> dict[str, str]:
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(mode)
    return {"XDG_RUNTIME_DIR": str(folder)}


def test_logins_folder_is_used(home: Home, tmp_path: Path) -> None:
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path))

    assert place.folder == tmp_path / "run" / "conduct"
    assert place.goes_at_logout
    assert len(place.name) < 30


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o710])
def test_logins_folder_that_others_can_enter_is_passed_over(home: Home, tmp_path: Path, mode: int) -> None:
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path, mode))

    assert tmp_path / "run" not in place.path.parents


def test_link_and_relative_path_are_no_logins_folder(home: Home, tmp_path: Path) -> None:
    _runtime(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "run")

    for named in (str(tmp_path / "link"), "run", "", str(tmp_path / "absent")):
        assert tmp_path not in place_of(home, tmp_path / "a.key", {"XDG_RUNTIME_DIR": named}).path.parents


def test_each_identity_in_each_home_has_a_place_of_its_own(home: Home, tmp_path: Path) -> None:
    environ, other = _runtime(tmp_path), Home(tmp_path / "other", tmp_path / "other")
    pairs = [(home, "a.key"), (home, "b.key"), (other, "a.key")]

    names = {place_of(where, tmp_path / file, environ).name for where, file in pairs}

    assert len(names) == 3


def test_place_is_the_same_however_the_paths_are_written(home: Home, tmp_path: Path) -> None:
    environ = _runtime(tmp_path)
    (tmp_path / "also").symlink_to(home.root)
    also = Home(tmp_path / "also", tmp_path / "also")

    assert place_of(home, home.identity, environ) == place_of(also, also.root / ".." / "home" / "identity.key", environ)


def _bound(place: Place) -> socket.socket:
    place.folder.mkdir(mode=0o700)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(place.path))
    listening.listen()
    place.path.chmod(0o600)
    return listening


def _refused(place: Place) -> str:
    with pytest.raises(WrongUsage) as caught, place.opened():
        pass
    assert caught.value.code == "hostile-agent"
    return caught.value.sentence


def test_no_folder_is_no_agent(home: Home, tmp_path: Path) -> None:
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path))

    with place.opened() as address:
        assert address is None


def test_loose_modes_are_refused(home: Home, tmp_path: Path) -> None:
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path))
    with _bound(place):
        place.path.chmod(0o666)
        assert "open to others" in _refused(place)
        place.path.chmod(0o600)
        place.folder.chmod(0o755)
        assert "open to others" in _refused(place)


def test_links_and_files_are_refused(home: Home, tmp_path: Path) -> None:
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path))
    with _bound(place):
        elsewhere = place.folder.rename(tmp_path / "elsewhere")
        place.folder.symlink_to(elsewhere)
        assert "is a link" in _refused(place)
        place.folder.unlink()
        place.folder.mkdir(mode=0o700)
        place.path.symlink_to(elsewhere / place.name)
        assert "is no socket" in _refused(place)
        place.path.unlink()
        place.path.write_text("x")
        assert "is no socket" in _refused(place)


@pytest.mark.root
def test_what_belongs_to_others_is_refused(home: Home, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to give a file away")
    place = place_of(home, tmp_path / "a.key", _runtime(tmp_path))
    with _bound(place):
        os.chown(place.path, 61_008, 61_008)
        assert "belongs to somebody else" in _refused(place)
        os.chown(place.path, 0, 0)
        os.chown(place.folder, 61_008, 61_008)
        assert "belongs to somebody else" in _refused(place)


def test_hostile_place_is_told_by_commands(unlocking: Agents) -> None:
    unlocking.unlock()
    unlocking.line().place.path.chmod(0o666)

    answer = unlocking.conduct("mail", "list").done(2)

    assert "is open to others" in answer.err
    assert unlocking.conduct("unlock", passphrase=True).status == 2


def test_folder_far_down_is_reached(home: Home, tmp_path: Path) -> None:
    """A socket's address has room for about a hundred letters (unix(7))."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True, mode=0o700)
    file = tmp_path / "a.key"
    file.write_bytes(b"locked")
    file.chmod(0o600)
    line = Line(home, file, {"XDG_RUNTIME_DIR": str(deep)})
    try:
        state = line.hold(bytes(32), b"locked", 60)
        assert 0 < state.seconds <= 60
        assert line.state() is not None
    finally:
        assert line.lock()
