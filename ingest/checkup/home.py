"""What the doctor sees in files: packages, modes, owners, identities, disk, backups, and what lies beyond reach."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest import lint_files
from ingest.checkup.finding import Finding, note, ok, problem
from ingest.cli.owners import refuse_second_owner
from ingest.home import Home, is_loose, loose_modes
from policies.community import Policy

if TYPE_CHECKING:  # pydantic is read with the configuration
    from ingest.config import Settings

_MIB: Final = 1024 * 1024
_LITTLE: Final = 100 * _MIB
_SOME: Final = 1024 * _MIB
_MOST_FILES: Final = 20_000
_SQLITE: Final = b"SQLite format 3\x00"
#: What SQLite puts beside a store while it works.
_BESIDE: Final = ("", "-journal", "-wal", "-shm")


def packages() -> Iterator[Finding]:
    """Whether the four package names are ours alone.  Raises WrongUsage: they are not."""
    refuse_second_owner()
    yield ok("packages", "Nobody else provides a package of our names.")


def modes(home: Home) -> Iterator[Finding]:
    """Whether anything of the home is open to others."""
    loose = list(loose_modes(home))
    yield from (problem("modes", error.sentence, error.hint) for error in loose)
    if not home.root.is_dir():
        yield problem("modes", f"There is no folder {home.root}.", "Name the home with --home, or found a committee.")
    elif not loose:
        yield ok("modes", f"{home.root} is closed to {'all but its group' if home.is_shared else 'everybody else'}.")


def owners(home: Home) -> Iterator[Finding]:
    """Whether the files belong to whom they should, and which of them this user works with."""
    if not home.root.is_dir():
        return
    about = home.root.stat()
    strangers = list(_strangers(home, about))
    for path in strangers:
        yield problem("owners", f"{path} belongs to {_user(path.stat().st_uid)}.", _mend_owner(home, path, about))
    for store in (home.content, home.keys):
        if store.exists() and not os.access(store, os.R_OK | os.W_OK):
            yield problem("owners", f"You cannot write {store}.", "Become the home's owner, or a member of its group.")
    if not strangers:
        group = f", shared with the group {_group(about.st_gid)}" if home.is_shared else ""
        yield ok("owners", f"The home belongs to {_user(about.st_uid)}{group}.")


def _strangers(home: Home, about: os.stat_result) -> Iterator[Path]:
    """Files of the home under another owner, or in a shared home outside its group."""
    for path in (home.content, home.keys, home.settings_file, home.locks, home.scratch, home.anchors):
        if not path.exists():
            continue
        found = path.stat()
        if (found.st_gid != about.st_gid) if home.is_shared else (found.st_uid != about.st_uid):
            yield path


def _mend_owner(home: Home, path: Path, about: os.stat_result) -> str:
    command = f"chgrp {_group(about.st_gid)}" if home.is_shared else f"chown {_user(about.st_uid)}"
    return f"Give it back: {command} {path}"


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def identities(files: Sequence[Path], passphrase_file: Path | None) -> Iterator[Finding]:
    """Whether there is an identity to act with, closed to others, and its passphrase's file as well."""
    present = [file for file in files if file.exists()]
    for file in present:
        if is_loose(file):
            yield problem("identity", f"{file} is open to others.", f"Close it: chmod 600 {file}")
        else:
            yield ok("identity", f"{file} is there, for its owner alone.")
    if not present:
        yield note("identity", "No identity lies here to act with; polling needs none.", "Name one with --identity.")
    if passphrase_file is not None and passphrase_file.exists() and is_loose(passphrase_file):
        yield problem("identity", f"{passphrase_file} is open to others.", f"Close it: chmod 600 {passphrase_file}")


def disk(home: Home) -> Iterator[Finding]:
    """Whether there is room to go on."""
    if not home.root.is_dir():
        return
    free = shutil.disk_usage(home.root).free
    room = f"{free // _MIB} MiB are free where the home lies."
    if free < _LITTLE:
        yield problem("disk", room, "Make room: a full disk stops polling, and loses nothing.")
    elif free < _SOME:
        yield note("disk", room, "Make room before it is full.")
    else:
        yield ok("disk", room)


def configuration(home: Home, settings: Settings) -> Iterator[Finding]:
    """What conduct.toml says, and the files that it names."""
    what = "a trial home" if settings.trial else "the home"
    yield ok("configuration", f"{home.settings_file} is right; it is {what} of {settings.address}.")
    imap = settings.imap
    if imap is not None and imap.password_file is not None and is_loose(imap.password_file):
        yield problem(
            "configuration",
            f"Whoever reads {imap.password_file} reads every mail, and it is open to others.",
            f"Close it: chmod 600 {imap.password_file}",
        )
    if settings.board is None:
        yield note(
            "configuration",
            "No board is named, so nobody is told when a report names the whole committee.",
            "Set board in conduct.toml.",
        )


def outgoing(home: Home, settings: Settings) -> Iterator[Finding]:
    """What the committee set for the check of outgoing mail.  Raises WrongUsage: it cannot be read."""
    place = lint_files.PlainPlace(home, settings)
    lint_files.judge(place)
    own = sorted(path.name for path in (home.configuration / "lint.d").glob("*.toml"))
    if (home.configuration / "lint.toml").exists() or own:
        yield ok("outgoing", f"lint.toml and lint.d are right; wording of your own: {', '.join(own) or 'none'}.")
    else:
        yield ok("outgoing", "Mail is checked as the program comes; lint.toml and lint.d may say otherwise.")


def backups(home: Home, policy: Policy | None) -> Iterator[Finding]:
    """Copies of the stores inside the home; those outside cannot be seen from here."""
    if not home.root.is_dir():
        return
    copies = sorted(_copies(home))
    for path in copies:
        yield problem(
            "backups",
            f"{path} lies in the home and looks like a copy of a store.",
            "Keep backups elsewhere, those of the keys apart: an expunge cannot reach them.",
        )
    days = policy.backup_key_days if policy is not None else None
    within = f"within {days} days" if days else "soon"
    if not copies:
        yield note(
            "backups",
            "None lies in the home, and none elsewhere can be seen from here.",
            f"Wherever keys.db is copied to, let the copy go {within}: what was expunged could be opened with it.",
        )


def _copies(home: Home) -> Iterator[Path]:
    ours = {store.with_name(store.name + end) for store in (home.content, home.keys) for end in _BESIDE}
    for number, path in enumerate(home.root.rglob("*")):
        if number >= _MOST_FILES:
            return
        if path in ours or path.is_symlink():
            continue
        if _is_backup(path):
            yield path


def _is_backup(path: Path) -> bool:
    if path.is_dir():
        return path.name.lower() in {"backup", "backups"}
    name = path.name.lower()
    return name.startswith(("keys.db", "content.db", "server.key.")) or _is_database(path)


def _is_database(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def beyond_reach(settings: Settings) -> Iterator[Finding]:
    """Copies of mail that no expunge of ours can reach."""
    yield note(
        "beyond reach",
        f"Copies in members' own mailboxes, and in archives of lists or groups behind {settings.address}.",
        "Poll a mailbox that forwards to nobody, and ask members to delete what they kept.",
    )
