"""The parent's side of the limited child: starts it, feeds it, times it, kills and replaces it.

A mail that takes too long, or takes the child down, is answered by ``Broken``; the mails behind it are read by the
next child.  One thread talks to the child, so that the caller can fetch the next batch meanwhile.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, Literal, Self

from ingest.frames import LENGTH, MAX_CONTENT, Letter, frame
from policies.errors import Unavailable

START_SECONDS = 30.0
_CHUNK = 256 * 1024

Reason = Literal["timeout", "died", "garbage"]


@dataclasses.dataclass(frozen=True, slots=True)
class Broken:
    """A mail that could not be read: too slow, deadly to the child, or answered by nonsense."""

    reason: Reason


Answer = dict[str, Any] | Broken


class Reader:
    """Reads mails in a limited child that is started when needed and reused.

    ``setup`` goes to each new child first (plain JSON values).  ``seconds`` is the wall clock for one mail.  After
    ``recycle_after`` mails a fresh child takes over.  ``command`` replaces the program, for those who read otherwise.
    """

    def __init__(
        self,
        setup: Mapping[str, object],
        *,
        seconds: float = 10.0,
        recycle_after: int = 2000,
        command: Sequence[str] = (),
    ) -> None:
        self._setup = frame(json.dumps(setup).encode())
        self._seconds = seconds
        self._recycle_after = recycle_after
        self._command = tuple(command) or (sys.executable, "-B", "-P", "-m", "ingest.reader")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._is_closed = False

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def read(self, mail_id: str, trimmed: bytes, *, is_cut: bool = False) -> Answer:
        """Read one mail and wait for it."""
        return next(self.read_many([(mail_id, trimmed, is_cut)]))

    def start(self) -> None:
        """Start the child in the background, while mail is fetched; the first mail tells what goes wrong."""
        self._thread.submit(self._ready_child)

    def read_many(self, letters: Sequence[tuple[str, bytes] | tuple[str, bytes, bool]]) -> Iterator[Answer]:
        """Start reading at once, in the background; the answers come in the order of the mails, as they are ready.

        Each mail is its id, its trimmed copy and, optionally, whether something readable was cut from that.

        Raises (while iterating):
            Unavailable: where the child cannot be started at all.
        """
        answers: SimpleQueue[Answer | BaseException] = SimpleQueue()
        self._thread.submit(self._exchange, deque(Letter(*letter) for letter in letters), answers.put)
        return _collect(len(letters), answers)

    def close(self) -> None:
        """Kill the child, and wait until it and the thread are gone; who still iterates gets Unavailable."""
        with self._lock:
            self._is_closed = True
            if self._child:
                self._child.strike()  # its pipes stay open until the thread, which may be waiting on them, is gone
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._drop_child()

    def _exchange(self, letters: deque[Letter], put: Callable[[Answer | BaseException], None]) -> None:
        try:
            while letters:
                child = self._ready_child()
                reason = child.converse(letters, put, self._seconds)
                if reason:
                    self._refuse_if_closed()
                    self._drop_child()
                    letters.popleft()
                    put(Broken(reason))
        except BaseException as error:  # noqa: BLE001  handed to the caller, who is in another thread
            put(error)

    def _ready_child(self) -> _Child:
        if self._child and self._child.answered >= self._recycle_after:
            self._drop_child()
        with self._lock:
            self._refuse_if_closed()
            if self._child is None:
                self._child = _Child(self._command, self._setup)
            return self._child

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise Unavailable("reader-closed", "The reader of mails was closed while it was at work.")

    def _drop_child(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child:
            child.kill()


def _collect(count: int, answers: SimpleQueue[Answer | BaseException]) -> Iterator[Answer]:
    for _ in range(count):
        answer = answers.get()
        if isinstance(answer, BaseException):
            raise answer
        yield answer


class _Child:
    """One running child, which has accepted the setup."""

    def __init__(self, command: Sequence[str], setup: bytes) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold what a mail says
            env={"PYTHONPATH": root, "PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        self.answered = 0
        self._received = bytearray()
        self._in, self._out = _pipe(self._process.stdin), _pipe(self._process.stdout)
        if self._talk(iter([setup]), lambda _: False, START_SECONDS):
            self.kill()
            raise Unavailable(
                "reader-does-not-start",
                "The program that reads mail in a limited process does not start.",
                "Run `python -m ingest.reader </dev/null` in the environment of this command to see why.",
            )

    def converse(self, letters: deque[Letter], put: Callable[[Answer], None], seconds: float) -> Reason | None:
        """Send all letters and put their answers; each answered letter leaves the deque.

        Comes back early with the reason why the first of the remaining ones was not answered.
        """

        def accept(answer: dict[str, Any]) -> bool:
            letters.popleft()
            self.answered += 1
            put(answer)
            return bool(letters)

        # The child reads ahead from the pipe, so it need not wait while this thread waits for its turn.
        frames = (frame(letter.packed()) for letter in tuple(letters))
        return self._talk(frames, accept, seconds)

    def kill(self) -> None:
        """End the child and everything it may have started, and wait until it is gone."""
        self.strike()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        self._process.wait()

    def strike(self) -> None:
        """The signal alone; ``kill`` must follow, from the thread that talks to the child."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _talk(self, frames: Iterator[bytes], accept: Callable[[dict[str, Any]], bool], seconds: float) -> Reason | None:
        """Write frames and read answers, whichever the pipes allow, until ``accept`` wants no more."""
        if self._received:
            return "garbage"
        poller = select.poll()
        poller.register(self._out, select.POLLIN)
        poller.register(self._in, select.POLLOUT)
        unsent = memoryview(b"")
        deadline = time.monotonic() + seconds
        while ready := dict(poller.poll(max(0.0, deadline - time.monotonic()) * 1000)):
            if self._in in ready:
                unsent = self._write(unsent or _next_chunk(frames))
                if not unsent and not (unsent := _next_chunk(frames)):
                    poller.unregister(self._in)
            if self._out in ready:
                if not self._fill():
                    return "died"
                while (answer := self._next_answer()) is not None:
                    if isinstance(answer, Broken):
                        return answer.reason
                    deadline = time.monotonic() + seconds
                    if not accept(answer):
                        return None
        return "timeout"

    def _write(self, unsent: memoryview) -> memoryview:
        try:
            return unsent[os.write(self._in, unsent) :]
        except BlockingIOError:
            return unsent
        except BrokenPipeError:  # the end of its output says so as well
            return unsent[:0]

    def _fill(self) -> bool:
        try:
            chunk = os.read(self._out, _CHUNK)
        except BlockingIOError:
            return True
        self._received += chunk
        return bool(chunk)

    def _next_answer(self) -> Answer | None:
        """The next whole answer that was received, or None; nonsense is ``Broken``."""
        if len(self._received) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._received)
        if length > MAX_CONTENT:
            return Broken("garbage")
        if len(self._received) < LENGTH.size + length:
            return None
        content = bytes(self._received[LENGTH.size : LENGTH.size + length])
        del self._received[: LENGTH.size + length]
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            return Broken("garbage")
        return answer if isinstance(answer, dict) else Broken("garbage")


def _pipe(stream: IO[bytes] | None) -> int:
    if stream is None:
        raise RuntimeError("the child was started with pipes")
    os.set_blocking(stream.fileno(), False)
    return stream.fileno()


def _next_chunk(frames: Iterator[bytes]) -> memoryview:
    """Whole frames up to a good size for one write; empty when there are no more."""
    chunk = bytearray()
    for content in frames:
        chunk += content
        if len(chunk) >= _CHUNK:
            break
    return memoryview(bytes(chunk))
