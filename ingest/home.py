"""A committee's home: where its files lie, who may open them, and how its secrets are written and read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.errors import UnreadableInput, WrongUsage
from policies.values import value

MAX_SECRET_BYTES = 64 * 1024
_OTHERS = stat.S_IRWXO
_GROUP = stat.S_IRWXG


@value
class Home:
    """The folders of one committee: ``root`` has stores and keys, ``configuration`` conduct.toml and templates.

    They are one folder where a home was named, two where the platform or systemd decides.  ``credentials`` is where
    systemd hands secrets to a service.
    """

    root: Path
    configuration: Path
    credentials: Path | None = None

    @property
    def settings_file(self) -> Path:
        """conduct.toml."""
        return self.configuration / "conduct.toml"

    @property
    def templates(self) -> Path:
        """The committee's own wordings, which come before ours; the folder may be missing."""
        return self.configuration / "templates"

    @property
    def content(self) -> Path:
        """The store of what is sealed."""
        return self.root / "content.db"

    @property
    def keys(self) -> Path:
        """The small store of what opens it, which forgets thoroughly."""
        return self.root / "keys.db"

    @property
    def server_keys(self) -> Path:
        """The signing and tag keys of unattended acts; they belong to the service's user alone."""
        return self.root / "server.key"

    @property
    def handed_server_keys(self) -> Path | None:
        """The same keys where systemd hands them over, so that the home need not hold them; None where it does not."""
        handed = self.credentials / "server-key" if self.credentials else None
        return handed if handed and handed.exists() else None

    @property
    def identity(self) -> Path:
        """The identity of a committee that works on one account."""
        return self.root / "identity.key"

    @property
    def locks(self) -> Path:
        """One file a lock; each names who holds it."""
        return self.root / "locks"

    @property
    def scratch(self) -> Path:
        """Sealed pieces on their way; emptied by who filled it."""
        return self.root / "tmp"

    @property
    def anchors(self) -> Path:
        """Signed heads of the audit chain."""
        return self.root / "anchors"

    @property
    def is_shared(self) -> bool:
        """Whether several users of this host share it: group-owned and setgid, so that new files are the group's."""
        try:
            mode = self.root.stat().st_mode
        except OSError:
            return False
        return bool(mode & stat.S_ISGID) and mode & _GROUP == _GROUP

    @property
    def umask(self) -> int:
        """What new files must not grant."""
        return 0o007 if self.is_shared else 0o077


def find_home(option: Path | None, environ: Mapping[str, str]) -> Home:
    """The home that is meant: named, else CONDUCT_HOME, else systemd's folders, else the platform's own."""
    named = option or (Path(environ["CONDUCT_HOME"]) if environ.get("CONDUCT_HOME") else None)
    credentials = _first(environ, "CREDENTIALS_DIRECTORY")
    if named is not None:
        named = named.expanduser().absolute()
        return Home(named, named, credentials)
    state, configuration = (_first(environ, name) for name in ("STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"))
    if state is not None:
        return Home(state, configuration or state, credentials)
    return _platform_home()


def user_identity() -> Path:
    """Where a member's identity lies on her own account, whichever home she works in."""
    return _platform_home().configuration / "identity.key"


def user_state() -> Path:
    """Where a user's own account keeps what programs note down between two runs, whichever home she works in."""
    import platformdirs

    return platformdirs.user_state_path("conduct")


def _platform_home() -> Home:
    import platformdirs

    return Home(platformdirs.user_data_path("conduct"), platformdirs.user_config_path("conduct"))


def _first(environ: Mapping[str, str], name: str) -> Path | None:
    # systemd.exec(5): several directories are joined by colons.
    first = environ.get(name, "").split(":")[0]
    return Path(first) if first else None


def create_home(home: Home, group: str | None = None) -> None:
    """Make the folders, closed to everybody else; with ``group``, shared by that group of users.

    Folders that are there keep their modes; ``check_modes`` says whether these will do.
    """
    _make_folder(home.root, group)
    if home.configuration != home.root:
        _make_folder(home.configuration, group)
    os.umask(home.umask)
    for folder in (home.locks, home.scratch, home.anchors):
        folder.mkdir(exist_ok=True)


def _make_folder(folder: Path, group: str | None) -> None:
    if folder.exists():
        return
    folder.mkdir(parents=True, mode=0o700)
    if group is not None:
        import shutil

        try:
            shutil.chown(folder, group=group)
        except LookupError:
            folder.rmdir()
            raise WrongUsage(
                "no-such-group", f"There is no group {group} on this host.", f"Make it: groupadd {group}"
            ) from None
        folder.chmod(0o2770)


def check_modes(home: Home) -> None:
    """Refuse a home that others can write to or read in.  Raises WrongUsage with the chmod that mends it."""
    for problem in loose_modes(home):
        raise problem


def loose_modes(home: Home) -> Iterator[WrongUsage]:
    """Every file of the home that is open to others than it should be, as the error that ``check_modes`` raises."""
    for path, forbidden, command in _rules(home):
        try:
            if _is_there(path):
                _refuse_mode(path, forbidden, command)
        except WrongUsage as problem:
            yield problem


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise WrongUsage(
            "unreadable-file",
            f"{path} cannot be looked at: {error.strerror}.",
            "Ask whoever keeps the home to let you into its group.",
        ) from None


def _rules(home: Home) -> Iterator[tuple[Path, int, str]]:
    shared = home.is_shared
    beyond = _OTHERS if shared else _OTHERS | _GROUP
    writing = stat.S_IWOTH if shared else stat.S_IWOTH | stat.S_IWGRP
    yield home.root, beyond, "chmod 2770" if shared else "chmod 700"
    yield home.configuration, writing, "chmod go-w"
    yield home.settings_file, writing, "chmod go-w"
    yield home.templates, writing, "chmod go-w"
    for store in (home.content, home.keys):
        yield store, beyond, "chmod 660" if shared else "chmod 600"
    for secret in (home.server_keys, home.identity):
        yield secret, _OTHERS | _GROUP, "chmod 600"


def check_secret(path: Path) -> None:
    """Refuse a secret's file that anybody but its owner can open.  Raises WrongUsage; a pipe passes."""
    _refuse_mode(path, _OTHERS | _GROUP, "chmod 600")


def check_folder(path: Path) -> None:
    """Refuse a folder that others than its owner and its group may enter.  Raises WrongUsage."""
    _refuse_mode(path, _OTHERS, "chmod o=")


def is_loose(path: Path) -> bool:
    """Whether a secret's file can be opened by others than its owner."""
    try:
        check_secret(path)
    except WrongUsage as error:
        return error.code == "loose-mode"
    return False


def _refuse_mode(path: Path, forbidden: int, command: str) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise WrongUsage("unreadable-file", f"{path} cannot be looked at: {error.strerror}.") from None
    if mode & forbidden and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise WrongUsage(
            "loose-mode",
            f"{path} is open to others than it should be (mode {stat.S_IMODE(mode):04o}).",
            f"Close it: {command} {path}",
        )


def write_secret(path: Path, secret: bytes) -> None:
    """Write a new file that only its owner can open, and have it on the disk before returning.

    It appears whole or not at all.  Raises FileExistsError where there is one: no key is ever written over.
    """
    import tempfile

    handle, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        Path(draft).unlink()
    sync_folder(path.parent)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in place of the one that was there; it changes whole or not at all."""
    import tempfile

    handle, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read_secret(path: Path) -> bytes:
    """The content of a secret's file, after a look at its mode.  Raises WrongUsage where it is loose or missing."""
    check_secret(path)
    return read_handed_secret(path)


def read_handed_secret(path: Path) -> bytes:
    """The content of a secret's file that somebody else made, whatever its mode; ``is_loose`` says what to warn of.

    Containers and secret stores hand passwords over in files whose mode nobody here decides.
    Raises WrongUsage where it is missing.
    """
    try:
        with path.open("rb") as file:
            secret = file.read(MAX_SECRET_BYTES + 1)
    except OSError as error:
        raise WrongUsage("unreadable-file", f"{path} cannot be read: {error.strerror}.") from None
    if len(secret) > MAX_SECRET_BYTES:
        raise UnreadableInput("too-long", f"{path} is too long to hold a secret.")
    return secret


def first_line(secret: bytes, origin: str) -> str:
    """The first line of a secret without its end.  ``origin`` names where it came from, for the error.

    Raises UnreadableInput where it is no UTF-8, WrongUsage where it is empty.
    """
    line = secret.split(b"\n", 1)[0].removesuffix(b"\r")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise UnreadableInput("not-utf-8", f"{origin} is not UTF-8.", "Write it again as UTF-8.") from None
    if not text:
        raise WrongUsage("empty-secret", f"{origin} gave an empty first line.")
    return text


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk, so that a new or renamed file survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
