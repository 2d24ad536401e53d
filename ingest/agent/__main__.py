"""The agent as a process: ``start`` runs it, tells it by standard input where to listen, and reads how that went."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import sys
from pathlib import Path

from ingest.agent.memory import refuse_dumps
from ingest.agent.place import Place, make_folder, take_turn
from ingest.agent.server import Agent

_BACKLOG = 16
_MOST_NAMED = 4096


@dataclasses.dataclass(slots=True)
class _Seat:
    """The bound socket's file, and the lock by which only one agent has it."""

    place: Place
    turn: int
    inode: int

    def is_in_place(self) -> bool:
        """Whether the file is still the one that was bound; at logout the system removes its folder."""
        try:
            return self.place.path.lstat().st_ino == self.inode
        except OSError:
            return False

    def leave(self) -> None:
        """Remove it, and let the next one in."""
        if self.is_in_place():
            with contextlib.suppress(OSError):
                self.place.path.unlink()
        os.close(self.turn)


def _take_seat(place: Place, listening: socket.socket) -> _Seat | None:
    """Bind and listen; None where another agent is there."""
    folder = make_folder(place.folder)
    try:
        turn = take_turn(folder, place.name)
        if turn is None:
            return None
        if place.is_there(folder):
            os.unlink(place.name, dir_fd=folder)  # whoever bound it is dead: we have the lock
        os.fchdir(folder)  # a long path does not fit into a socket's address (unix(7))
        os.umask(0o177)
        listening.bind(place.name)
        os.umask(0o077)
        os.chdir("/")
        listening.listen(_BACKLOG)
        return _Seat(place, turn, os.stat(place.name, dir_fd=folder, follow_symlinks=False).st_ino)
    finally:
        os.close(folder)


def main() -> None:
    """Detach, bind, say "ready" or "taken", hold the key that is brought then, end."""
    os.umask(0o077)
    refuse_dumps()
    path = Path(os.fsdecode(sys.stdin.buffer.read(_MOST_NAMED)))
    if not path.is_absolute():
        sys.exit("It is told by conduct unlock where to listen.")
    if os.fork():  # whoever started us need not wait for us
        os._exit(0)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        seat = _take_seat(Place(path.parent, path.name, goes_at_logout=False), listening)
        _tell("taken" if seat is None else "ready")
        if seat is not None:
            Agent(listening, seat.is_in_place, seat.leave).serve()


def _tell(word: str) -> None:
    """Answer whoever started us, and let go of all that it handed us."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)
    os.close(nowhere)


if __name__ == "__main__":
    main()
