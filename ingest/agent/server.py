"""The agent's process: it holds one key, answers its own user alone, and ends when it is told or its time is over."""

from __future__ import annotations

import contextlib
import hmac
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import Final

from ingest.agent import protocol
from ingest.agent.memory import SecretPage
from ingest.agent.peer import uid_of_peer
from ingest.agent.protocol import SEED_BYTES, Hold, State, Verb, Word

#: Time that a sleeping machine sleeps counts (clock_gettime(2)).
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_TICK_SECONDS: Final = 1.0
_PATIENCE_SECONDS: Final = 5.0
_MOST_CALLERS: Final = 16
_MOST_WAITING_BYTES: Final = 2 * protocol.MOST_REMEMBERED
_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


def now() -> float:
    """Seconds since the machine started, sleep included."""
    return time.clock_gettime(_CLOCK)


class Caller:
    """One connection: its request as far as it came, then the answer as far as it went."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.deadline = now() + _PATIENCE_SECONDS
        self.verb: Verb | None = None
        self.request = bytearray(protocol.HEADER.size)
        self.unsent: list[memoryview] = []
        self._came = 0

    def read(self, room: int) -> bool:
        """Take in what came; whether the request is whole.  ``room`` is how long its body may be at most.

        Raises ValueError, OSError: drop the connection.
        """
        if not self._fill():
            return False
        if self.verb is None:
            self.verb, length = protocol.request_head(bytes(self.request))
            if length > room:
                raise ValueError
            self.request, self._came = bytearray(length), 0
            return length == 0
        return True

    def _fill(self) -> bool:
        # In place, so that no copy of a secret is left behind.
        with memoryview(self.request) as whole, whole[self._came :] as rest:
            count = self.connection.recv_into(rest)
        if not count:
            raise ValueError
        self._came += count
        return self._came == len(self.request)

    def write(self) -> bool:
        """Send what can be sent; whether all is out."""
        while self.unsent:
            sent = self.connection.send(self.unsent[0])
            self.unsent[0] = self.unsent[0][sent:]
            if self.unsent[0]:
                return False
            del self.unsent[0]
        return True

    def close(self) -> None:
        """Let go of it, and of what it said."""
        self.request[:] = bytes(len(self.request))
        self.connection.close()


class Agent:
    """Serves on a listening socket until ``is_over``.

    ``is_in_place`` says whether the socket can still be found; ``leave`` clears it away, so that another can follow.
    """

    def __init__(self, listening: socket.socket, is_in_place: Callable[[], bool], leave: Callable[[], None]) -> None:
        self.page = SecretPage()
        self._listening = listening
        self._is_in_place = is_in_place
        self._leave = leave
        self._selector = selectors.DefaultSelector()
        self._callers: set[Caller] = set()
        self._deadline = now() + _PATIENCE_SECONDS  # by then somebody has brought a key
        self._digest = b""
        self._remembered = b""
        self._leader: int | None = None
        self.is_over = False

    def serve(self) -> None:
        """Answer until the end; then the key is zeroed."""
        waking, woken = socket.socketpair()
        with waking, woken, _ended_by_signals(waking):
            self._listening.setblocking(False)
            self._selector.register(self._listening, selectors.EVENT_READ, self._welcome)
            self._selector.register(woken, selectors.EVENT_READ, self._end)
            try:
                while not self.is_over:
                    self._turn()
            finally:
                self._forget()
                self._leave()
                self._take_leave()

    def _turn(self) -> None:
        for key, _ in self._selector.select(max(0.0, min(_TICK_SECONDS, self._deadline - now()))):
            key.data()
        self.is_over |= now() >= self._deadline or not self._is_in_place()
        for caller in [each for each in self._callers if now() >= each.deadline]:
            self._part(caller)

    def _end(self) -> None:
        self.is_over = True

    def _welcome(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except OSError:
            return
        if uid_of_peer(connection) != os.geteuid() or len(self._callers) >= _MOST_CALLERS:
            connection.close()
            return
        connection.setblocking(False)
        caller = Caller(connection)
        self._callers.add(caller)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._listen(caller))

    def _listen(self, caller: Caller) -> None:
        try:
            if caller.read(_MOST_WAITING_BYTES - sum(len(each.request) for each in self._callers)):
                caller.unsent = [memoryview(each) for each in self._answer(caller) if each]
                self._selector.modify(caller.connection, selectors.EVENT_WRITE, lambda: self._reply(caller))
        except (ValueError, OSError, MemoryError):
            self._part(caller)

    def _reply(self, caller: Caller) -> None:
        try:
            if caller.write():
                self._part(caller)
        except OSError:
            self._part(caller)

    def _part(self, caller: Caller) -> None:
        self._selector.unregister(caller.connection)
        self._callers.discard(caller)
        caller.close()

    def _take_leave(self) -> None:
        """Tell those who wait, whoever asked for the end among them, as far as they listen."""
        for caller in list(self._callers):
            with contextlib.suppress(OSError):
                caller.write()
            self._part(caller)

    # --- what is asked

    def _answer(self, caller: Caller) -> list[bytes]:
        # Sleep may have passed the end just now.
        is_held = bool(self._digest) and now() < self._deadline
        body = b""
        match caller.verb:
            case Verb.HOLD:
                self._hold(protocol.read_hold(caller.request))
            case Verb.LOCK:
                self._forget()
                self.is_over = True
            case _ if not is_held:
                return [protocol.frame(Word.EMPTY, 0)]
            case Verb.STATE:
                body = self._state().packed()
            case Verb.KEY:
                self._hand_out(caller)
                return []
            case Verb.REMEMBER:
                self._remember(bytes(caller.request))
            case Verb.RECALL:
                body = self._remembered
        return [protocol.frame(Word.DONE, len(body)), body]

    def _state(self) -> State:
        return State(self._deadline - now(), self._digest, self.page.is_locked)

    def _hand_out(self, caller: Caller) -> None:
        # From the locked page into the kernel, without a copy that would lie about here.
        state = self._state().packed()
        head = protocol.frame(Word.DONE, len(state) + SEED_BYTES)
        with self.page.view(SEED_BYTES) as seed:
            if caller.connection.sendmsg([head, state, seed]) != len(head) + len(state) + SEED_BYTES:
                raise ValueError

    def _hold(self, hold: Hold) -> None:
        with self.page.view(SEED_BYTES) as held:
            is_same = hmac.compare_digest(held, hold.seed)
        if not is_same:
            self._remembered = b""
            self.page.keep(hold.seed)
        self._digest, self._deadline = hold.digest, now() + hold.seconds
        self._watch(hold.leader)

    def _remember(self, body: bytes) -> None:
        if not hmac.compare_digest(body[: protocol.DIGEST_BYTES], self._digest):
            raise ValueError
        self._remembered = body[protocol.DIGEST_BYTES :]

    def _watch(self, leader: int) -> None:
        """End with the session of whoever brought the key, where a leader of it is named."""
        self._watch_nobody()
        if leader:
            try:
                self._leader = os.pidfd_open(leader)
            except ProcessLookupError:
                self.is_over = True
            except (AttributeError, OSError, OverflowError):  # a system without it, or no process: time alone counts
                return
            else:
                self._selector.register(self._leader, selectors.EVENT_READ, self._end)

    def _watch_nobody(self) -> None:
        if self._leader is not None:
            self._selector.unregister(self._leader)
            os.close(self._leader)
            self._leader = None

    def _forget(self) -> None:
        self.page.wipe()
        self._digest = self._remembered = b""


@contextlib.contextmanager
def _ended_by_signals(waking: socket.socket) -> Iterator[None]:
    """The signals that end a process wake the selector, so that the end is an orderly one."""
    waking.setblocking(False)
    before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, lambda *_: None) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
