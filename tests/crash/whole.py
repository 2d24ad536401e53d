"""What must hold whatever befell a poll: each mail stored once, bit for bit, the stores sound, the chain whole."""

from __future__ import annotations

import fcntl
import time

from records import checking, places
from tests.scenes import Scene


def assert_all_stored_once(scene: Scene) -> None:
    """Every distinct mail of the mailbox is stored exactly once, as IMAP gives it, and nothing else is."""
    assert scene.exported() == dict.fromkeys(scene.in_mailbox(), 1)
    with scene.opened() as store:
        assert store.check() == []
        with store.reading() as transaction:
            assert places.attempts(transaction) == {}
            assert checking.check(transaction) == []


def assert_recovers(scene: Scene) -> None:
    """The next poll takes in what is missing, and the one after it finds nothing new."""
    _wait_for_the_lock(scene)
    scene.poll()
    again = scene.poll()

    assert (again["fetched"], again["stored"]) == (0, 0)
    assert_all_stored_once(scene)


def _wait_for_the_lock(scene: Scene) -> None:
    """A child that was just being started when its parent was killed holds the lock until it becomes itself."""
    file = scene.home.locks / "mailbox.lock"
    deadline = time.monotonic() + 20
    while file.exists():
        with file.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                assert time.monotonic() < deadline
        time.sleep(0.02)
