"""A throwaway Postfix on loopback: one port that asks a before-queue filter, one that takes the mail back from it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers.ports import free_port, wait_for_greeting

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
  -o smtpd_proxy_filter={filter}
  -o smtpd_proxy_timeout=30s
127.0.0.1:{back_port} inet n - n - - smtpd
  -o smtpd_authorized_xforward_hosts=127.0.0.0/8
  -o syslog_name=postfix/again
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = /var, /tmp, {folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = postfix.example.net
mydestination =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_authorized_xforward_hosts = 127.0.0.0/8
default_transport = smtp:[127.0.0.1]:{sink_port}
local_transport = error:none here
alias_maps =
local_recipient_maps =
smtp_tls_security_level = none
smtp_dns_support_level = disabled
smtputf8_enable = yes
append_dot_mydomain = no
always_add_missing_headers = no
"""


def find_postfix() -> str | None:
    """The command, where it is installed and we are root, as Postfix has to be started by."""
    found = shutil.which("postfix") or ("/usr/sbin/postfix" if Path("/usr/sbin/postfix").exists() else None)
    return found if os.geteuid() == 0 else None


class Postfix:
    """Takes mail on ``port``, asks the filter, takes it back on ``back_port``, and delivers it to the sink.

    ``filter_at`` is as smtpd_proxy_filter of postconf(5) has it; ``folder_for_filter`` is one that Postfix alone may
    enter, and ``unix:conduct/...`` a socket in it.
    """

    def __init__(self, filter_at: str, sink_port: int) -> None:
        self.port, self.back_port = free_port(), free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="conduct-postfix-"))
        self.folder_for_filter = self._folder / "queue" / "conduct"
        self._folder.chmod(0o755)
        about = {
            "folder": self._folder, "port": self.port, "back_port": self.back_port, "filter": filter_at,
            "sink_port": sink_port,
        }  # fmt: skip
        (self._folder / "main.cf").write_text(_MAIN.format(**about))
        (self._folder / "master.cf").write_text(_MASTER.format(**about))
        for each in ("main.cf", "master.cf"):
            (self._folder / each).chmod(0o644)
        (self._folder / "queue").mkdir()
        (self._folder / "queue").chmod(0o755)
        (self._folder / "data").mkdir(mode=0o700)
        owner = pwd.getpwnam("postfix")
        os.chown(self._folder / "data", owner.pw_uid, owner.pw_gid)
        self.folder_for_filter.mkdir()
        os.chown(self.folder_for_filter, os.geteuid(), owner.pw_gid)
        self.folder_for_filter.chmod(0o2710)  # its sockets belong to Postfix's group as well

    def start(self) -> None:
        """Until both ports answer; the filter must be there by then for the first."""
        self._call("start")
        wait_for_greeting(self.back_port)

    def remove(self) -> None:
        """Stop it, and everything that it wrote."""
        with contextlib.suppress(RuntimeError, subprocess.TimeoutExpired):
            self._call("abort")
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it logged."""
        file = self._folder / "mail.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _call(self, what: str) -> None:
        done = subprocess.run(
            [str(find_postfix()), "-c", str(self._folder), what],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            umask=0o022,  # it insists on its folders' modes
        )
        if done.returncode:
            raise RuntimeError(f"postfix {what}: {done.stdout}{done.stderr}{self.log()}")
