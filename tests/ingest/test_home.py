"""The home: where it lies, who may open it, how secrets are written and read."""

from __future__ import annotations

import grp
import os
import stat
from pathlib import Path

import pytest

from ingest.home import (
    Home,
    check_modes,
    check_secret,
    create_home,
    find_home,
    first_line,
    read_secret,
    user_identity,
    write_secret,
)
from policies.errors import ConductError, UnreadableInput, WrongUsage


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home as it is made."""
    home = Home(tmp_path / "home", tmp_path / "home")
    create_home(home)
    return home


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _code(caught: pytest.ExceptionInfo[ConductError]) -> str:
    return caught.value.code


# ------------------------------------------------------------ where


def test_named_home_is_one_folder(tmp_path: Path) -> None:
    assert find_home(tmp_path, {"CONDUCT_HOME": "/elsewhere"}) == Home(tmp_path, tmp_path)


def test_variable_names_a_home() -> None:
    assert find_home(None, {"CONDUCT_HOME": "/srv/conduct"}).root == Path("/srv/conduct")


def test_systemd_says_where_state_and_configuration_are() -> None:
    environ = {"STATE_DIRECTORY": "/var/lib/conduct:/var/lib/other", "CONFIGURATION_DIRECTORY": "/etc/conduct"}

    home = find_home(None, environ)

    assert (home.keys, home.settings_file) == (Path("/var/lib/conduct/keys.db"), Path("/etc/conduct/conduct.toml"))


def test_platform_has_the_last_word() -> None:
    home = find_home(None, {})

    assert home.root.is_relative_to(os.environ["HOME"])
    assert home.settings_file == user_identity().with_name("conduct.toml")


# ------------------------------------------------------------ modes


def test_new_home_is_closed(home: Home) -> None:
    check_modes(home)

    assert [_mode(folder) for folder in (home.root, home.locks, home.scratch, home.anchors)] == [0o700] * 4
    assert home.umask == 0o077


def test_shared_home_is_the_groups(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", tmp_path / "home")
    create_home(home, grp.getgrgid(os.getgid()).gr_name)

    check_modes(home)
    assert (_mode(home.root), home.umask, home.is_shared) == (0o2770, 0o007, True)
    assert _mode(home.locks) & 0o777 == 0o770


def test_shared_home_of_no_group_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="groupadd"):
        create_home(Home(tmp_path / "home", tmp_path / "home"), "no-such-group-here")

    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("mode", [0o755, 0o707, 0o701, 0o770, 0o750, 0o2777, 0o2775])
def test_loose_home_is_refused_with_the_command_that_closes_it(home: Home, mode: int) -> None:
    home.root.chmod(mode)

    with pytest.raises(WrongUsage) as caught:
        check_modes(home)

    assert _code(caught) == "loose-mode"
    assert f"chmod {'2770' if mode & 0o2000 else '700'} {home.root}" in caught.value.hint


@pytest.mark.parametrize("name", ["settings_file", "content", "keys", "server_keys", "identity"])
def test_loose_file_is_refused(home: Home, name: str) -> None:
    path: Path = getattr(home, name)
    path.touch()
    path.chmod(0o666)

    with pytest.raises(WrongUsage, match=str(path)):
        check_modes(home)


def test_files_of_a_shared_home_are_the_groups_save_for_secrets(home: Home) -> None:
    home.root.chmod(0o2770)
    for path in (home.settings_file, home.content, home.keys):
        path.touch()
        path.chmod(0o660)
    check_modes(home)
    home.server_keys.touch()
    home.server_keys.chmod(0o660)

    with pytest.raises(WrongUsage, match=r"server\.key"):
        check_modes(home)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_loose_secret_is_refused(tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(mode)

    with pytest.raises(WrongUsage, match=f"chmod 600|{mode:04o}"):
        check_secret(secret)


# ------------------------------------------------------------ secrets


def test_secret_comes_back_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_secret(tmp_path / "secret", b"one\ntwo")

    assert read_secret(tmp_path / "secret") == b"one\ntwo"
    assert _mode(tmp_path / "secret") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_secret_is_never_written_over(tmp_path: Path) -> None:
    write_secret(tmp_path / "secret", b"old")

    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "secret", b"new")

    assert read_secret(tmp_path / "secret") == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_missing_secret_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="nowhere"):
        read_secret(tmp_path / "nowhere")


def test_endless_secret_is_refused(tmp_path: Path) -> None:
    write_secret(tmp_path / "secret", b"x" * 100_000)

    with pytest.raises(UnreadableInput):
        read_secret(tmp_path / "secret")


@pytest.mark.parametrize(
    ("secret", "line"), [(b"a b \n", "a b "), (b"a", "a"), (b"a\r\nb", "a"), ("ä\n".encode(), "ä"), (b" \n", " ")]
)
def test_first_line_is_without_its_end_and_otherwise_untouched(secret: bytes, line: str) -> None:
    assert first_line(secret, "x") == line


@pytest.mark.parametrize(("secret", "error"), [(b"", WrongUsage), (b"\nx", WrongUsage), (b"\xff\n", UnreadableInput)])
def test_first_line_that_is_none_is_refused(secret: bytes, error: type[ConductError]) -> None:
    with pytest.raises(error):
        first_line(secret, "the file")
