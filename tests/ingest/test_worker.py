"""The limited child from its parent's side: order, clocks, deaths, and that nothing is left behind."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.trim import trim
from ingest.worker import Answer, Broken, Reader
from policies.errors import Unavailable
from policies.plain import message_from_plain, roster_to_plain
from policies.roster import Roster
from tests.processes import most_memory

ROOT = Path(__file__).parent.parent.parent
SETUP = roster_to_plain(Roster(("conduct@example.org",), ()))
MAIL = b"From: Lena <lena@example.net>\r\nTo: conduct@example.org\r\nSubject: %d\r\n\r\nHello\r\n"
MIB = 1024 * 1024


def program(handle: str) -> tuple[str, ...]:
    """A child that serves with another handle, whose lines are given."""
    code = "import os, sys, time, socket\nfrom ingest import reader\ndef begin(setup):\n    def handle(letter):\n"
    code += textwrap.indent(textwrap.dedent(handle).strip(), " " * 8) + "\n    return handle\nreader.main(begin)\n"
    return (sys.executable, "-B", "-P", "-c", code)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(SETUP) as one:
        yield one


def child_of(reader: Reader) -> int:
    assert reader._child is not None
    return reader._child._process.pid


def is_there(pid: int) -> bool:
    """Whether a process runs, or waits as a zombie."""
    return Path(f"/proc/{pid}").exists()


def subjects(answers: Iterator[Answer]) -> list[str]:
    return [answer.reason if isinstance(answer, Broken) else answer["message"]["subject"] for answer in answers]


def test_a_mail_is_read_and_judged(reader: Reader) -> None:
    answer = reader.read("m1", MAIL % 7)

    assert not isinstance(answer, Broken)
    assert message_from_plain(answer["message"]).text == "Hello"
    assert answer["intake"]["kind"] == "report"


def test_the_child_learns_that_a_mail_was_cut(reader: Reader) -> None:
    answer = reader.read("m1", MAIL % 7, is_cut=True)

    assert not isinstance(answer, Broken)
    assert answer["message"]["defects"] == ["mail-cut"]


def test_answers_keep_the_order_of_the_mails(reader: Reader) -> None:
    letters = [(f"m{number}", MAIL % number + b"x" * (number % 7 * 30_000)) for number in range(120)]

    assert subjects(reader.read_many(letters)) == [str(number) for number in range(120)]


def test_one_child_reads_many_mails_and_is_replaced_after_a_while() -> None:
    with Reader(SETUP, recycle_after=3) as reader:
        pids = []
        for number in range(7):
            reader.read("m", MAIL % number)
            pids.append(child_of(reader))

    assert len(set(pids)) == 3
    assert pids == sorted(pids, key=pids.index)
    assert not any(is_there(pid) for pid in pids)


def test_reading_goes_on_while_the_parent_does_something_else(reader: Reader) -> None:
    answers = reader.read_many([(f"m{number}", MAIL % number) for number in range(50)])
    time.sleep(2)  # as while fetching

    start = time.perf_counter()
    assert len(list(answers)) == 50
    assert time.perf_counter() - start < 0.5


def test_a_mail_that_takes_too_long_costs_itself_alone() -> None:
    handle = """
        if letter.mail_id == "slow":
            time.sleep(60)
        return {"message": {"subject": letter.mail_id}}
    """
    with Reader(SETUP, seconds=1.5, command=program(handle)) as reader:
        letters = [("a", b""), ("b", b""), ("slow", b""), ("c", b"x" * MIB), ("d", b"")]

        assert subjects(reader.read_many(letters)) == ["a", "b", "timeout", "c", "d"]


@pytest.mark.parametrize(
    "deed",
    [
        "os._exit(3)",
        "os.kill(os.getpid(), 9)",
        "raise ValueError(letter)",
        "bytearray(1 << 30)",
        "[bytearray(1 << 20) for _ in range(2000)]",
        "os.write(os.memfd_create('never'), b'x')",
        "os.fork()",
    ],
)
def test_a_mail_that_kills_the_child_costs_itself_alone(deed: str) -> None:
    if deed == "os.fork()" and os.getuid() == 0:
        pytest.skip("the number of root's processes is not limited")
    handle = f"""
        if letter.mail_id == "deadly":
            {deed}
        return {{"message": {{"subject": letter.mail_id}}}}
    """
    with Reader(SETUP, command=program(handle)) as reader:
        letters = [("a", b""), ("deadly", b""), ("b", b""), ("deadly", b""), ("c", b"")]

        assert subjects(reader.read_many(letters)) == ["a", "died", "b", "died", "c"]


@pytest.mark.parametrize(
    "frame",
    [
        "len(b'nonsense').to_bytes(4, 'big') + b'nonsense'",
        "b'\\xff' * 8",
        "(2).to_bytes(4, 'big') + b'[]'",
        "(200000).to_bytes(4, 'big') + b'[' * 200000",
    ],
)
def test_nonsense_is_no_answer(frame: str) -> None:
    code = f"""if True:
        import sys, time
        out = sys.stdout.buffer
        out.write(b"\\0\\0\\0\\2{{}}"); out.flush()
        sys.stdin.buffer.read(20)
        out.write({frame}); out.flush()
        time.sleep(60)
    """
    with Reader({}, command=(sys.executable, "-c", code)) as reader:
        assert reader.read("m", b"x" * 100) == Broken("garbage")


def test_a_child_that_cannot_start_is_an_error_and_no_fault_of_the_mails() -> None:
    with (
        Reader({}, command=(sys.executable, "-c", "raise SystemExit(1)")) as reader,
        pytest.raises(Unavailable) as error,
    ):
        reader.read("m", b"x")

    assert error.value.code == "reader-does-not-start"


def test_what_the_child_prints_reaches_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    handle = """
        print("marker"); print("marker", file=sys.stderr); os.write(1, b"marker"); os.write(2, b"marker")
        if letter.mail_id == "deadly":
            raise ValueError("marker")
        return {}
    """
    with Reader({}, command=program(handle)) as reader:
        assert list(reader.read_many([("a", b""), ("deadly", b"")])) == [{}, Broken("died")]

    assert capfd.readouterr() == ("", "")


def test_the_child_has_no_secrets_no_files_and_little_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDUCT_SECRET", "marker")
    handle = """
        import resource
        limits = {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_AS", "RLIMIT_CORE")}
        return {"environment": dict(os.environ), "files": sorted(os.listdir("/proc/self/fd")), **limits}
    """
    with open(__file__) as held, Reader({}, command=program(handle)) as reader:  # noqa: PTH123
        os.set_inheritable(held.fileno(), False)
        answer = reader.read("m", b"")

    assert not isinstance(answer, Broken)
    assert "marker" not in str(answer["environment"])
    assert len(answer["files"]) <= 6
    assert answer["RLIMIT_AS"] == 512 * MIB
    assert answer["RLIMIT_CORE"] == 0


def test_the_child_has_no_network_where_the_system_lets_it_leave() -> None:
    handle = """
        import ctypes
        here = os.readlink("/proc/self/ns/net")
        return {"left": here}
    """
    with Reader({}, command=program(handle)) as reader:
        answer = reader.read("m", b"")

    assert not isinstance(answer, Broken)
    if os.getuid() == 0 and answer["left"] == os.readlink("/proc/self/ns/net"):  # noqa: PTH115
        pytest.skip("this system does not let go of its network")


def test_close_leaves_nothing_behind_even_while_it_reads() -> None:
    reader = Reader(SETUP, command=program("time.sleep(60)"))
    answers = reader.read_many([("m", b"")])
    while reader._child is None:
        time.sleep(0.01)
    pid = child_of(reader)

    start = time.perf_counter()
    reader.close()

    assert time.perf_counter() - start < 5
    assert not is_there(pid)
    with pytest.raises(Unavailable):
        next(answers)


def test_a_reader_never_used_starts_nothing_and_closes_twice() -> None:
    reader = Reader(SETUP)
    reader.close()
    reader.close()

    assert reader._child is None


def test_the_child_ends_with_its_parent() -> None:
    code = """if True:
        import os, time
        from ingest.worker import Reader
        reader = Reader({"conduct": [], "members": []})
        reader.read("m", b"x")
        print(reader._child._process.pid, flush=True)
        time.sleep(60)
    """
    parent = subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    for _ in range(100):
        if not is_running(pid):
            break
        time.sleep(0.1)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_big_mails_in_a_row_leave_the_child_small(reader: Reader) -> None:
    photo = base64.encodebytes(bytes(20 * MIB)).replace(b"\n", b"\r\n")
    mail = b"From: a@example.org\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + photo
    text = b"From: a@example.org\r\n\r\n" + "größer\r\n".encode() * 30_000

    for number in range(10):
        answer = reader.read(f"m{number}", trim(mail if number % 2 else text)[0])
        assert not isinstance(answer, Broken)

    assert most_memory(child_of(reader)) < 400 * MIB


def test_the_child_starts_quickly() -> None:
    start = time.perf_counter()

    subprocess.run((sys.executable, "-B", "-m", "ingest.reader"), cwd=ROOT, stdin=subprocess.DEVNULL, check=False)

    assert time.perf_counter() - start < 3  # 0.2 s on an idle machine
