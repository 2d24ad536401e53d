"""The agent's process: what it shows of itself, whom it answers, what ends it, and what strangers can do to it."""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from ingest.agent import protocol
from ingest.agent.protocol import Verb
from records.vault.identity import agent_seed
from tests.cli_runner import ROOT
from tests.ingest.agent.agents import Agents, is_alive
from tests.processes import eventually, memory, status

_STRANGER = 61_007
_MIB = 1024 * 1024


@contextlib.contextmanager
def _connected(unlocking: Agents) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(unlocking.line().place.path))
        yield connection


# --- what it shows


def test_it_is_detached_and_leaves_no_trace_of_the_key(unlocking: Agents) -> None:
    unlocking.unlock()
    process = unlocking.process()
    secret = agent_seed(unlocking.person().keyring.identity)
    passphrase = unlocking.person().passphrase_file.read_bytes().strip()

    shown = Path(f"/proc/{process}/cmdline").read_bytes() + Path(f"/proc/{process}/environ").read_bytes()
    after = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    assert not any(each in shown for each in (secret, secret.hex().encode(), passphrase))
    assert os.getsid(process) != os.getsid(0)
    assert after[4] == "0"  # no terminal
    assert Path(f"/proc/{process}/cwd").readlink() == Path("/")
    assert status(process)["Umask"] == "0077"
    limits = Path(f"/proc/{process}/limits").read_text().splitlines()
    assert next(line for line in limits if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
    for handle in ("0", "1", "2"):
        assert Path(f"/proc/{process}/fd/{handle}").readlink() == Path("/dev/null")


def test_socket_and_folder_are_closed_to_others(unlocking: Agents) -> None:
    unlocking.unlock()
    path = unlocking.line().place.path

    assert path.lstat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert unlocking.runtime in path.parents


def test_memory_is_locked_where_the_system_allows(unlocking: Agents) -> None:
    answer = unlocking.unlock().json

    assert answer["memory_locked"] == (status(unlocking.process())["VmLck"] != "0 kB")


def test_nothing_of_the_key_is_on_the_disk(unlocking: Agents) -> None:
    unlocking.unlock()
    secret = agent_seed(unlocking.person().keyring.identity)

    files = [file for file in unlocking.runtime.parent.rglob("*") if file.is_file()]
    assert files
    assert not any(secret in file.read_bytes() for file in files)


# --- what ends it


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_end_it(unlocking: Agents, number: signal.Signals) -> None:
    unlocking.unlock()
    process = unlocking.process()
    os.kill(process, number)

    assert eventually(lambda: not is_alive(process))
    assert not unlocking.line().place.path.exists()


@pytest.mark.parametrize("way", ["signal", "lock", "time"])
def test_key_is_zeroed_at_the_end(way: str, tmp_path: Path) -> None:
    """The server in a process that looks at the page when it is over."""
    script = f"""
import os, signal, socket, time
from ingest.agent import protocol
from ingest.agent.protocol import Hold, Verb
from ingest.agent.server import Agent
path = {str(tmp_path / "s")!r}
listening = socket.socket(socket.AF_UNIX); listening.bind(path); listening.listen()
agent = Agent(listening, lambda: True, lambda: None)
def ask(verb, body=b""):
    with socket.socket(socket.AF_UNIX) as c:
        c.connect(path); c.sendall(protocol.frame(verb, len(body)) + body); c.shutdown(socket.SHUT_WR)
        return len(b"".join(iter(lambda: c.recv(4096), b"")))
parent = os.getpid()
if not os.fork():
    ask(Verb.HOLD, protocol.write_hold(Hold(1.0, 0, bytes(32), b"S" * 32)))
    os.write(1, b"%d\\n" % ask(Verb.KEY))
    if {way!r} == "signal": os.kill(parent, signal.SIGTERM)
    if {way!r} == "lock": ask(Verb.LOCK)
    os._exit(0)
agent.serve()
print("empty", agent.page.is_empty)
"""
    finished = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, timeout=30, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert finished.stdout == "82\nempty True\n"


def test_it_goes_when_the_logins_folder_goes(unlocking: Agents) -> None:
    unlocking.unlock("1h")
    process = unlocking.process()
    unlocking.line().place.path.unlink()  # as the system does when the user logs out

    assert eventually(lambda: not is_alive(process))


def test_it_goes_with_the_terminal_where_there_is_no_such_folder(
    unlocking: Agents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if Path(f"/run/user/{os.geteuid()}").exists():
        pytest.skip("this user has a folder of the login")
    person = unlocking.person()
    environ = {
        "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "etc"), "PATH": os.environ["PATH"], "TERM": "dumb",
        "PYTHONPATH": str(ROOT), "PS1": "ready> ",
    }  # fmt: skip
    shell = pexpect.spawn("/bin/sh", ["-i"], env=environ, timeout=30, encoding="utf-8")
    options = f"--home {unlocking.scene.home.root} --identity {person.identity} --passphrase-file "
    shell.sendline(f"{sys.executable} -P -m ingest.cli {options}{person.passphrase_file} unlock; echo ended-$?")
    shell.expect("ended-0")
    (path,) = (tmp_path / "etc" / "conduct" / "agent").glob("*.sock")
    monkeypatch.chdir(path.parent)  # the whole path may be longer than an address can be
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path.name)
        process = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    assert is_alive(process)
    shell.close(force=True)

    assert eventually(lambda: not is_alive(process))
    assert not path.exists()


# --- strangers


@pytest.mark.root
def test_another_user_is_not_answered(unlocking: Agents) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to act as two users")
    unlocking.unlock()
    path, process = unlocking.line().place.path, unlocking.process()
    path.chmod(0o666)  # as if somebody had opened both
    path.parent.chmod(0o755)
    script = (
        "import os, socket, sys; os.chdir(sys.argv[1]); user = int(sys.argv[3])\n"
        "os.setgroups([]); os.setgid(user); os.setuid(user)\n"
        "c = socket.socket(socket.AF_UNIX); c.settimeout(10); c.connect(sys.argv[2])\n"
        "try:\n    c.sendall(bytes.fromhex(sys.argv[4])); print(len(c.recv(99)))\n"
        "except ConnectionError:\n    print(0)\n"
    )
    asked = protocol.frame(Verb.KEY, 0).hex()

    finished = subprocess.run(
        [sys.executable, "-c", script, str(path.parent), path.name, str(_STRANGER), asked],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip

    assert finished.stdout == "0\n"
    assert is_alive(process)


def _garbage(dice: random.Random) -> bytes:
    return dice.randbytes(dice.randrange(1, 300))


def _hold(seconds: float, leader: int = 0) -> bytes:
    body = protocol.write_hold(protocol.Hold(seconds, leader, bytes(32), bytes(32)))
    return protocol.frame(Verb.HOLD, len(body)) + body


_NOISE: list[Callable[[random.Random], bytes]] = [
    _garbage,
    lambda dice: b"cdA1" + _garbage(dice),
    lambda dice: protocol.HEADER.pack(b"cdA1", dice.randrange(256), dice.randrange(2**32)),
    lambda _: protocol.HEADER.pack(b"cdA1", Verb.REMEMBER, 2**32 - 1),
    lambda dice: _hold(dice.choice([0.0, -1.0, math.nan, math.inf, protocol.MOST_SECONDS + 1.0])),
    lambda _: protocol.frame(Verb.HOLD, 3) + b"abc",
    lambda dice: protocol.frame(Verb.REMEMBER, 100) + dice.randbytes(100),
    lambda _: b"GET / HTTP/1.1\r\n\r\n",
]


def test_it_lives_through_nonsense(unlocking: Agents) -> None:
    unlocking.unlock()
    process, before = unlocking.process(), unlocking.line().state()
    dice = random.Random(4)
    for number in range(400):
        with _connected(unlocking) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(_NOISE[number % len(_NOISE)](dice))
            if number % 3:
                connection.shutdown(socket.SHUT_WR)
                connection.recv(4096)

    now = unlocking.line().state()
    assert before is not None
    assert now is not None
    assert (unlocking.process(), now.digest) == (process, before.digest)
    assert unlocking.line().identity() is not None
    assert memory(process) < 40 * _MIB


def test_those_who_write_slowly_hold_nobody_up(unlocking: Agents) -> None:
    unlocking.unlock()
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(_connected(unlocking)) for _ in range(10)]
        for connection in slow:
            connection.sendall(b"c")
        started = time.monotonic()
        assert unlocking.line().identity() is not None
        assert time.monotonic() - started < 1

        assert slow[0].recv(10) == b""  # it has lost patience


def test_much_that_is_announced_takes_no_memory(unlocking: Agents) -> None:
    unlocking.unlock()
    process = unlocking.process()
    head = protocol.frame(Verb.REMEMBER, protocol.LONGEST[Verb.REMEMBER])
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            connection = stack.enter_context(_connected(unlocking))
            with contextlib.suppress(OSError):
                connection.sendall(head)
                connection.settimeout(0.2)
                connection.sendall(bytes(3 * _MIB))

        assert eventually(lambda: unlocking.line().identity() is not None)
        assert memory(process) < 80 * _MIB


def test_more_callers_than_it_takes_are_sent_away(unlocking: Agents) -> None:
    unlocking.unlock()
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            with contextlib.suppress(OSError):
                stack.enter_context(_connected(unlocking))

    assert eventually(lambda: unlocking.line().identity() is not None)


def test_leader_that_can_be_none_is_no_fault(unlocking: Agents) -> None:
    unlocking.unlock()
    with _connected(unlocking) as connection:
        connection.sendall(_hold(60, leader=2**32 - 1))
        assert connection.recv(99) == protocol.frame(protocol.Word.DONE, 0)

    assert is_alive(unlocking.process())


# --- what it remembers


def test_it_remembers_what_it_is_given_and_no_more_than_fits(unlocking: Agents) -> None:
    line = unlocking.line()
    line.remember(b"nobody is there")
    assert line.recall() == b""
    unlocking.unlock()

    line.remember(b"x" * 300_000)
    assert line.recall() == b"x" * 300_000
    line.remember(b"y" * protocol.MOST_REMEMBERED)
    assert line.recall() == b"y" * protocol.MOST_REMEMBERED
    line.remember(b"z" * (protocol.MOST_REMEMBERED + 1))
    assert line.recall()[:1] == b"y"


def test_another_key_drops_what_was_remembered(unlocking: Agents) -> None:
    unlocking.unlock()
    line, blob = unlocking.line(), unlocking.person().identity.read_bytes()
    line.remember(b"of the first")

    line.hold(bytes(32), blob, 60)

    assert line.recall() == b""
