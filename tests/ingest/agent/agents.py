"""A committee whose members unlock their keys: the real process, on a socket in a folder of the test's own."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from ingest.agent.client import Line
from tests.cli_runner import Completed, run_conduct
from tests.scenes import Person, Scene


@dataclasses.dataclass(frozen=True)
class Agents:
    """The commands of members of a scene, each a process of its own without a terminal."""

    scene: Scene
    runtime: Path

    def conduct(
        self, *args: object, who: str = "Priya", passphrase: bool = False, env: Mapping[str, str] | None = None
    ) -> Completed:
        """A command that asks nobody, with the passphrase's file only if so wished."""
        person = self.scene.member(who)
        given = ("--passphrase-file", person.passphrase_file) if passphrase else ()
        environ = {"CONDUCT_IDENTITY": str(person.identity), "XDG_RUNTIME_DIR": str(self.runtime), **(env or {})}
        return run_conduct("--no-input", *given, *args, home=self.scene.home.root, env=environ)

    def unlock(self, span: str = "5m", who: str = "Priya") -> Completed:
        """Unlocked for so long."""
        return self.conduct("unlock", "--for", span, "--json", who=who, passphrase=True).done()

    def line(self, who: str = "Priya") -> Line:
        """The way to her agent."""
        return Line(self.scene.home, self.scene.member(who).identity, {"XDG_RUNTIME_DIR": str(self.runtime)})

    def person(self, who: str = "Priya") -> Person:
        """A member."""
        return self.scene.member(who)

    def process(self, who: str = "Priya") -> int:
        """The number of her agent's process; 0 without one."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            try:
                connection.connect(str(self.line(who).place.path))
            except OSError:
                return 0
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            return int(struct.unpack("3i", credentials)[0])


@contextlib.contextmanager
def agents(folder: Path, scene: Scene) -> Iterator[Agents]:
    """No agent outlives the test."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    made = Agents(scene, runtime)
    try:
        yield made
    finally:
        for person in scene.members:
            running = made.process(person.name)
            if running:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(running, signal.SIGKILL)


def is_alive(process: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
