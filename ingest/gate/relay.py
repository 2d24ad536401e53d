"""What all sessions of the gateway share: the checks, the connections to the smarthost, limits, and the end of it.

Everything that waits for a disk or another server runs in threads; the loop that reads from clients never does.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal, TypeVar

from ingest import smtp
from ingest.config_sections import Smtp
from ingest.gate import words
from ingest.gate.apart import Apart
from ingest.gate.ruling import Judged
from ingest.smtp import Credentials, Smarthost
from ingest.smtp_values import Answer, Envelope
from policies.errors import ConductError, Refused, Unavailable

_THREADS: Final = 16
_WIDE: Final = 480

Login = Callable[[str, str], "Credentials | None"]
Found = Literal["right", "wrong", "later"]
_T = TypeVar("_T")


@dataclasses.dataclass(slots=True, repr=False)
class Upstream:
    """One session's way to the smarthost: its connection, once there is one, and what it logs in with.

    ``lock`` guards what the session's loop and a thread at work for it both change.
    """

    login: Credentials | None = None
    smarthost: Smarthost | None = None
    is_used: bool = False
    is_busy: bool = False
    is_over: bool = False
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def __repr__(self) -> str:
        """Nothing of the login."""
        return "Upstream(…)"

    def begin(self) -> bool:
        """A thread begins to work for the session, unless that is over."""
        with self.lock:
            self.is_busy = not self.is_over
            return self.is_busy

    def finish(self) -> bool:
        """It has done its work; whether the session ended meanwhile, and left the connection to it."""
        with self.lock:
            self.is_busy = False
            return self.is_over


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """A mail on its way: envelope, content as it came, and whom Postfix had it from.

    ``options`` are words for MAIL FROM, ``wishes`` those for each RCPT TO.
    """

    envelope: Envelope
    content: bytes
    options: tuple[str, ...]
    wishes: tuple[tuple[str, ...], ...]
    xforward: Mapping[str, str]

    def __repr__(self) -> str:
        """How long."""
        return f"Parcel({len(self.content)} bytes)"


class Relay:
    """Checks mails and hands them to the one smarthost.

    ``judges`` are children of which each checks one mail at a time; ``login`` gives the credentials for the smarthost
    anew each time; ``tell`` is told in words of mail that nobody could check, or not wholly.
    """

    def __init__(
        self,
        place: Smtp,
        judges: Sequence[Apart],
        login: Callable[[], Credentials | None],
        tell: Callable[[str], None],
    ) -> None:
        self._place = place
        self._tell = tell
        self._judges = judges
        self._free: asyncio.Queue[Apart] = asyncio.Queue()
        for judge in judges:
            self._free.put_nowait(judge)
        self._login = login
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="gateway")
        self._live: set[Smarthost] = set()
        self.is_ending = False

    async def judge(self, parcel: Parcel) -> Judged:
        """What becomes of a mail."""
        judge = await self._free.get()
        try:
            judged = await self._apart(
                lambda: judge.judge(parcel.content, parcel.envelope.recipients, parcel.envelope.sender)
            )
        finally:
            self._free.put_nowait(judge)
        if remark := words.remark(judged):
            self._tell(remark)
        return judged

    async def log_in(self, upstream: Upstream, user: str, password: str) -> Found:
        """Whether the smarthost takes a client's login; the connection stays open for her mail."""
        try:
            upstream.login = Credentials(user, password)
            await self._apart(lambda: self._log_in(upstream))
        except ConductError as error:
            upstream.login = None
            return "wrong" if error.code == "login-refused" else "later"
        return "right"

    async def hand_over(self, upstream: Upstream, parcel: Parcel) -> str:
        """The reply to the client: the smarthost's own, or why it was not reached."""
        if self.is_ending:
            return words.reply(451, "4.3.2", ("NOT SENT: the gateway is stopping; send it again",))
        try:
            answer = await self._apart(lambda: self._send(upstream, parcel))
        except Refused as error:
            return words.reply(550, "5.6.0", (f"NOT SENT: {error.sentence}",))
        except Unavailable as error:
            known = "NOT SENT" if error.code != "smtp-unknown" else "PERHAPS SENT"
            return words.reply(451, "4.4.1", (f"{known}: {error.sentence}",))
        except ConductError as error:
            code, status = (550, "5.1.3") if error.code == "unsafe-address" else (451, "4.3.5")
            return words.reply(code, status, (f"NOT SENT: {error.sentence}",))
        return _passed_on(answer, len(parcel.envelope.recipients))

    def let_go(self, upstream: Upstream) -> None:
        """A session is over: a mail still on its way is broken off, since nobody would hear what became of it."""
        with upstream.lock:
            upstream.is_over = True
            smarthost, is_busy = upstream.smarthost, upstream.is_busy
        if smarthost is None:
            return
        if is_busy:  # a word from here would get into the mail; the thread at work drops the connection
            smarthost.abort()
        else:
            self._threads.submit(self._drop, upstream)

    def cut(self) -> None:
        """Break every connection to the smarthost, so that no thread waits on one."""
        for smarthost in list(self._live):
            smarthost.abort()

    def close(self) -> None:
        """End the children and the threads."""
        self.cut()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for judge in self._judges:
            judge.close()

    async def _apart(self, call: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    # ------------------------------------------------------------ in threads

    def _log_in(self, upstream: Upstream) -> None:
        with self._at_work(upstream):
            self._connect(upstream)

    def _send(self, upstream: Upstream, parcel: Parcel) -> Answer:
        with self._at_work(upstream):
            smarthost = upstream.smarthost
            if smarthost is None or (upstream.is_used and not smarthost.is_alive()):
                smarthost = self._connect(upstream)
            upstream.is_used = True
            if parcel.xforward:
                smarthost.forward(parcel.xforward)
            return smarthost.hand_over(parcel.envelope, parcel.content, parcel.options, parcel.wishes)

    @contextlib.contextmanager
    def _at_work(self, upstream: Upstream) -> Iterator[None]:
        """While this thread alone talks to the session's smarthost; where the session ended meanwhile, hang up."""
        if not upstream.begin():
            raise _gone()
        try:
            yield
        finally:
            if upstream.finish():
                self._drop(upstream)

    def _connect(self, upstream: Upstream) -> Smarthost:
        self._drop(upstream)
        smarthost = smtp.connect(self._place, upstream.login or self._login())
        self._live.add(smarthost)
        upstream.is_used = False
        with upstream.lock:
            upstream.smarthost = smarthost
            if upstream.is_over:
                raise _gone()
        return smarthost

    def _drop(self, upstream: Upstream) -> None:
        smarthost, upstream.smarthost = upstream.smarthost, None
        if smarthost is not None:
            self._live.discard(smarthost)
            with contextlib.suppress(OSError):
                smarthost.close()


def _gone() -> Unavailable:
    """Nobody hears it: the client's connection is closed."""
    return Unavailable("client-gone", "The mail program hung up.")


def _passed_on(answer: Answer, recipients: int) -> str:
    """The smarthost's last word, as it said it; for a refusal that was not of the mail, of what."""
    # RFC 5321 section 3.8: 421 would be said of our own connection.
    code = answer.code if answer.is_accepted or (answer.is_refusal and answer.code != 421) else 451  # noqa: PLR2004
    said = [_printable(line) for line in answer.lines if line.strip()] or ["said nothing"]
    if answer.stage != "content":
        about = "the sender" if answer.stage == "sender" else f"recipient {answer.number} of {recipients}"
        said.append(f"{_status(said[-1], code)}NOT SENT: the smarthost refused {about}")
    last = len(said) - 1
    return "\r\n".join(f"{code}{' ' if at == last else '-'}{line}" for at, line in enumerate(said))


def _status(line: str, code: int) -> str:
    """The enhanced status code with which a reply to the client must begin as well (RFC 2034 section 4)."""
    first = line.partition(" ")[0]
    return f"{first} " if first.startswith(f"{code // 100}.") else ""


def _printable(line: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in line)[:_WIDE]
