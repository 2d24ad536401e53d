"""One way of taking in a mailbox, in a process of its own: ``python -m tests.bench.ways WAY HOME``; prints JSON.

``bare`` only fetches, ``sealed`` fetches, seals and commits without reading, ``whole`` is a poll; ``again`` times
second polls against bare logins.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import imapclient

from ingest import jobs, wiring
from ingest.config import Settings, load_settings
from ingest.home import Home
from ingest.jobs import Service
from ingest.mailbox import Overview, batches
from ingest.passwords import read_password
from ingest.pipeline import LARGE_BYTES
from ingest.sealing import Fetched, seal_pieces
from policies.mail import Kind
from records import drafts, keyring, mail, members, places
from records.mail import Incoming, Location
from records.store import Transaction
from records.vault import seal
from records.vault.format import PublicIdentity
from tests.processes import most_memory

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_CHUNK = 100
_ROUNDS = 15


def main(way: str, folder: str) -> None:
    """Measure, print."""
    home = Home(Path(folder), Path(folder))
    settings = load_settings(home)
    ways: dict[str, Callable[[Home, Settings], dict[str, float]]] = {
        "bare": lambda _, settings: _timed(lambda: _bare(settings)),
        "sealed": lambda home, settings: _with_service(home, settings, _sealed),
        "whole": lambda home, settings: _with_service(home, settings, jobs.poll_once),
        "again": _again,
    }
    with _children_watched() as highest:
        found = ways[way](home, settings)
    found |= {"parent_kib": most_memory(os.getpid()) // 1024, "child_kib": max(highest, default=0) // 1024}
    print(json.dumps(found))


def _timed(work: Callable[[], object]) -> dict[str, float]:
    started = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - started}


@contextlib.contextmanager
def _service(home: Home, settings: Settings) -> Iterator[Service]:
    with contextlib.closing(wiring.open_store(home, settings)) as store:
        yield jobs.service(home, settings, os.environ, store, NOW)


def _with_service(home: Home, settings: Settings, work: Callable[[Service], object]) -> dict[str, float]:
    with _service(home, settings) as service:
        return _timed(lambda: work(service))


# --- the ways


def _log_in(settings: Settings) -> imapclient.IMAPClient:
    assert settings.imap is not None
    client = imapclient.IMAPClient(settings.imap.host, settings.imap.actual_port, ssl=False)
    client._imap.debug = 0
    client.login(settings.imap.user, read_password(settings.imap, "imap", os.environ))
    return client


def _bare(settings: Settings) -> None:
    client = _log_in(settings)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for at in range(0, len(uids), _CHUNK):
        client.fetch(uids[at : at + _CHUNK], ["BODY.PEEK[]"])
    client.logout()


def _sealed(service: Service) -> None:
    """The same batches as a poll's, sealed to the same readers; nothing is read, matched or audited."""
    name = wiring.mailbox_name(service.settings)
    with contextlib.closing(service.connect()) as mailbox:
        selected = mailbox.select("INBOX")
        overviews = mailbox.overview(mailbox.new_uids(0)).values()
        for batch in batches(each for each in overviews if each is not None):
            fetched = []
            by_uid = {each.uid: each for each in batch}
            small = [each.uid for each in batch if each.size <= LARGE_BYTES]
            pieces = [(by_uid[uid], [content]) for uid, content in mailbox.fetch_whole(small) if content is not None]
            large = [(each, mailbox.fetch_pieces(each.uid, each.size)) for each in batch if each.size > LARGE_BYTES]
            for overview, content in [*pieces, *large]:
                location = Location(name, "INBOX", selected.uidvalidity, overview.uid)
                fetched.append(_seal(service, overview, location, content))
            with service.store.writing() as transaction:
                _write(transaction, fetched)


def _seal(service: Service, overview: Overview, location: Location, pieces: Iterable[bytes]) -> Fetched:
    return seal_pieces(pieces, location, overview.internaldate or NOW, service.tags, service.home.scratch)


def _write(transaction: Transaction, fetched: Sequence[Fetched]) -> None:
    everybody: dict[str, PublicIdentity] = {each.member.id: each.public for each in members.present(transaction)}
    everybody[members.RECOVERY] = members.recovery(transaction)
    for each in fetched:
        incoming = Incoming(
            mail=each.mail, received=each.received, size=each.size, location=each.location, kind=Kind.OTHER,
            flags=(), pieces=each.rows, draft=seal.seal_bytes(b"{}", each.key, f"{drafts.DRAFT}|{each.mail}"),
            message_id_tag=each.tags.message_id, content_tag=each.tags.content, identity_tag=each.tags.identity,
            thread=mail.open_thread(transaction),
        )  # fmt: skip
        mail.write(transaction, incoming)
        keyring.grant(transaction, mail.object_id(each.mail), each.key, everybody)
    places.note_uid(transaction, fetched[-1].location)


def _again(home: Home, settings: Settings) -> dict[str, float]:
    """Second polls and bare logins by turns, in this one process; the median of each."""
    polls, logins = [], []
    with _service(home, settings) as service:
        for _ in range(_ROUNDS):
            polls.append(_timed(lambda: _nothing_new(service))["seconds"])
            logins.append(_timed(lambda: _look(settings))["seconds"])
    return {"seconds": statistics.median(polls), "login_seconds": statistics.median(logins)}


def _nothing_new(service: Service) -> None:
    assert jobs.poll_once(service).counts.fetched == 0


def _look(settings: Settings) -> None:
    client = _log_in(settings)
    client.select_folder("INBOX", readonly=True)
    client.search("ALL")
    client.logout()


# --- memory


@contextlib.contextmanager
def _children_watched() -> Iterator[list[int]]:
    """The high-water marks of this process's children, looked at many times a second."""
    highest: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            highest.extend(most_memory(int(pid)) for pid in _children())
            highest[:] = [max(highest, default=0)]

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield highest
    done.set()
    watcher.join()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split() + [
        child
        for task in Path("/proc/self/task").iterdir()
        if task.name != str(os.getpid())
        for child in _read(task / "children").split()
    ]


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
