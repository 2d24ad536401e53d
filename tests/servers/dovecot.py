"""A throwaway Dovecot 2.3 on loopback, as root or not: plain and STARTTLS on one port, implicit TLS on another.

Any user may log in with the one password, so that each test has a mailbox of its own.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.ports import PATIENCE_SECONDS, free_port, wait_for_greeting

_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
info_log_path = {folder}/log
instance_name = conduct-test-{port}
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 0
first_valid_gid = 0
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/mail/%u
}}
mail_location = maildir:~/Maildir
mail_fsync = never
mail_plugins = acl
plugin {{
  acl = vfile
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
    auto = create
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
}}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
mail_max_userip_connections = 500
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
"""


def find_dovecot() -> str | None:
    """The program, which often is outside a user's PATH."""
    return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


class Dovecot:
    """The server; ``start`` and ``stop`` may follow each other, on the same ports and the same mail."""

    password = "invented-password"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # Not pytest's folder: Dovecot's own users must reach it, and paths of sockets are short.
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        self.port, self.tls_port = free_port(), free_port()
        self.certificates: Certificates = make_certificates(self.folder)
        self._owner = self._mail_owner()
        (self.folder / "mail").mkdir()
        os.chown(self.folder / "mail", *self._owner)
        self._write_configuration()

    @staticmethod
    def _mail_owner() -> tuple[int, int]:
        if os.geteuid():
            return os.geteuid(), os.getegid()
        return pwd.getpwnam("mail").pw_uid, grp.getgrnam("mail").gr_gid

    def _write_configuration(self) -> None:
        me = pwd.getpwuid(os.geteuid()).pw_name
        internal, login = ("dovecot", "dovenull") if os.geteuid() == 0 else (me, me)
        group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
        owner, mail_group = self._owner
        self._configuration = self.folder / "dovecot.conf"
        self._configuration.write_text(
            _CONFIGURATION.format(
                folder=self.folder, port=self.port, tls_port=self.tls_port, password=self.password,
                internal=internal, internal_group=group, login=login, owner=owner, group=mail_group,
                certificate=self.certificates.certificate, key=self.certificates.key,
                chroot="" if os.geteuid() == 0 else "chroot =",
            )
        )  # fmt: skip

    def start(self) -> None:
        """Start and wait for the greeting."""
        program = find_dovecot()
        assert program is not None
        with (self.folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                [program, "-F", "-c", str(self._configuration)], stdout=said, stderr=said, start_new_session=True
            )
        try:
            wait_for_greeting(self.port)
        except RuntimeError as error:
            self.stop()
            log = self.folder / "log"
            told = (self.folder / "said").read_text() + (log.read_text() if log.exists() else "")
            raise RuntimeError(told[-2000:]) from error

    def stop(self) -> None:
        """End it at once, connections included."""
        if self._process is None:
            return
        # Its children are of its session, and would go on talking to those who are connected.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_SECONDS)
        self._process = None

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def maildir(self, user: str) -> Path:
        """The user's Maildir, there and writable for a direct delivery into ``new``."""
        maildir = self.folder / "mail" / user / "Maildir"
        for part in ("cur", "new", "tmp"):
            (maildir / part).mkdir(parents=True, exist_ok=True)
        for path in (maildir.parent, maildir, *maildir.iterdir()):
            os.chown(path, *self._owner)
        return maildir

    def deliver(self, user: str, content: bytes, name: str) -> None:
        """Put the exact bytes into INBOX, past IMAP, as a mail transport does."""
        maildir = self.maildir(user)
        draft = maildir / "tmp" / name
        draft.write_bytes(content)
        os.chown(draft, *self._owner)
        draft.rename(maildir / "new" / name)

    def restrict(self, user: str, folder: str, rights: str) -> None:
        """Leave the owner only these rights of RFC 4314 on a folder that holds mail already."""
        rule = self.maildir(user) / f".{folder}" / "dovecot-acl"
        rule.write_text(f"owner {rights}\n")
        os.chown(rule, *self._owner)

    def renumber(self, user: str, folder: str) -> None:
        """Give a folder another UIDVALIDITY, as a restored or rebuilt mailbox has."""
        maildir = self.maildir(user)
        path = maildir if folder == "INBOX" else maildir / f".{folder}"
        for index in path.glob("dovecot.index*"):
            index.unlink()
        uids = path / "dovecot-uidlist"
        first, _, rest = uids.read_text().partition("\n")
        renumbered = [f"V{int(word[1:]) + 1}" if word.startswith("V") else word for word in first.split(" ")]
        uids.write_text(" ".join(renumbered) + "\n" + rest)
