"""The gateway on a UNIX socket: who may reach it, what a killed one leaves, and that none takes another's place."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.gate.running import running
from tests.ingest.gate.test_gateway_hostile import committee
from tests.scenes import Scene
from tests.servers.sink import Sink

_AS_NOBODY = """
import os, socket, sys
os.setgroups([]), os.setgid(65534), os.setuid(65534)
socket.socket(socket.AF_UNIX).connect(sys.argv[1])
"""


@pytest.fixture
def scene(original: Scene, tmp_path: Path, sink: Sink) -> Scene:
    return committee(original, tmp_path, sink.port, "none")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, as a socket's has to be, in a folder for one group."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="gate-") as name:
        Path(name).chmod(0o710)
        yield Path(name)


def greeting(path: Path) -> bytes:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(str(path))
        return client.recv(100)


def test_it_is_for_the_folders_owner_and_group(scene: Scene, tmp_path: Path, folder: Path) -> None:
    place = folder / "gateway"
    with running(scene, tmp_path, listen=f"unix:{place}") as gateway:
        assert greeting(place).startswith(b"220 ")
        assert stat.S_IMODE(place.stat().st_mode) == 0o660
        gateway.stop()

        assert not place.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_nobody_else_on_the_host_reaches_it(scene: Scene, tmp_path: Path, folder: Path) -> None:
    place = folder / "gateway"
    with running(scene, tmp_path, listen=f"unix:{place}"):
        command = [sys.executable, "-c", _AS_NOBODY, str(place)]
        ended = subprocess.run(command, capture_output=True, check=False)

    assert ended.returncode != 0
    assert b"PermissionError" in ended.stderr


def test_a_folder_open_to_everybody_is_refused(scene: Scene, folder: Path) -> None:
    folder.chmod(0o755)
    answer = scene.conduct("gateway", "--listen", f"unix:{folder}/gateway", own_process=True).done(2)

    assert f"chmod o= {folder}" in answer.err
    assert not (folder / "gateway").exists()


def test_what_a_killed_one_left_is_no_hindrance(scene: Scene, tmp_path: Path, folder: Path) -> None:
    place = folder / "gateway"
    with running(scene, tmp_path, listen=f"unix:{place}") as gateway:
        gateway.stop(signal.SIGKILL)
    assert place.is_socket()

    with running(scene, tmp_path, listen=f"unix:{place}"):
        assert greeting(place).startswith(b"220 ")


def test_one_that_runs_keeps_its_place(scene: Scene, tmp_path: Path, folder: Path) -> None:
    place = folder / "gateway"
    with running(scene, tmp_path, listen=f"unix:{place}"):
        scene.conduct("gateway", "--listen", f"unix:{place}", own_process=True).done(4)

        assert greeting(place).startswith(b"220 ")


def test_what_is_no_socket_is_let_be(scene: Scene, folder: Path) -> None:
    place = folder / "gateway"
    place.write_text("somebody's")
    scene.conduct("gateway", "--listen", f"unix:{place}", own_process=True).done(4)

    assert place.read_text() == "somebody's"
