"""One poller per mailbox: two processes, what a crash leaves behind, and who the holder is said to be."""

from __future__ import annotations

import os
import pwd
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.mailbox_lock import mailbox_lock
from policies.errors import LockedElsewhere, WrongUsage

SINCE = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from ingest.mailbox_lock import mailbox_lock
with mailbox_lock(Path(sys.argv[1]), datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its stdin closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.lock"
    process = hold(path)

    with pytest.raises(LockedElsewhere) as caught, mailbox_lock(path, SINCE):
        pass

    assert caught.value.exit_status == 5
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert f"process {process.pid} of user {user}" not in str(caught.value)
    assert f"process {process.pid} of {user} on " in str(caught.value)
    assert "since 2026-02-03T04:05:06+0000" in str(caught.value)
    process.communicate()
    with mailbox_lock(path, SINCE):
        pass


def test_a_killed_holder_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.lock"
    process = hold(path)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert path.read_text() != ""  # what it wrote is still there
    with mailbox_lock(path, SINCE):
        pass


def test_the_same_process_cannot_hold_it_twice(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.lock"

    with mailbox_lock(path, SINCE):
        with pytest.raises(LockedElsewhere), mailbox_lock(path, SINCE):
            pass
        with mailbox_lock(tmp_path / "other.lock", SINCE):
            pass


def test_an_error_inside_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.lock"

    with pytest.raises(ZeroDivisionError), mailbox_lock(path, SINCE):
        raise ZeroDivisionError
    with mailbox_lock(path, SINCE):
        pass


def test_the_group_may_lock_as_well(tmp_path: Path) -> None:
    """Whatever the umask is; the tests run under 077."""
    path = tmp_path / "mailbox.lock"

    with mailbox_lock(path, SINCE):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\0", b"[]", b"{}", b'{"pid": 1}', b"[" * 4000, b'{"pid": 1, "user": [], "host": {}, "since": null}'],
)
def test_odd_content_neither_blocks_nor_breaks(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mailbox.lock"

    with mailbox_lock(path, SINCE):
        path.write_bytes(content)
        with pytest.raises(LockedElsewhere), mailbox_lock(path, SINCE):
            pass
    path.write_bytes(content)
    with mailbox_lock(path, SINCE):
        pass


def test_what_the_file_says_is_shown_harmless(tmp_path: Path) -> None:
    path = tmp_path / "mailbox.lock"

    with mailbox_lock(path, SINCE):
        path.write_text('{"pid": "\\u001b[31m", "user": "\\u202eevil", "host": "' + "h" * 500 + '", "since": "now"}')
        with pytest.raises(LockedElsewhere) as caught, mailbox_lock(path, SINCE):
            pass

    assert str(caught.value).isprintable()
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("precious")
    (tmp_path / "mailbox.lock").symlink_to(tmp_path / "target")

    with pytest.raises(WrongUsage), mailbox_lock(tmp_path / "mailbox.lock", SINCE):
        pass

    assert (tmp_path / "target").read_text() == "precious"


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe"])
def test_what_cannot_be_locked_is_said(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mailbox.lock"
    if kind == "missing":
        path = tmp_path / "nowhere" / "mailbox.lock"
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)

    with pytest.raises(WrongUsage) as caught, mailbox_lock(path, SINCE):
        pass

    assert caught.value.code == "lock-file"


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="acts as two users")
def test_two_users_of_one_group(tmp_path: Path) -> None:
    """The second may lock what the first made, through their group."""
    path = tmp_path / "mailbox.lock"
    with mailbox_lock(path, SINCE):
        pass
    os.chown(path, 0, 12345)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and str(folder).startswith("/tmp/pytest"):
            folder.chmod(0o755)
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from datetime import UTC, datetime;"
        "from ingest.mailbox_lock import mailbox_lock; os.setgroups([]); os.setgid(12345); os.setuid(12346);"
        "held = mailbox_lock(Path(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC)); held.__enter__(); print('held')"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(ROOT)], capture_output=True, text=True, check=False
    )

    assert done.stdout == "held\n", done.stderr
