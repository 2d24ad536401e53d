"""pymap, a real IMAP server, on a free loopback port: ``python -m tests.servers.embedded --print`` or embedded_imap().

Its own process; it prints one JSON line with host, port, user and password, obeys one-line commands on stdin (each
answered with a line) and ends when stdin closes, so it never outlives whoever started it.  Mail lives in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Embedded(NamedTuple):
    """Where the server is and who may log in."""

    host: str
    port: int
    user: str
    password: str


@contextlib.contextmanager
def embedded_imap(*, user: str = "conduct", password: str = "invented-password", port: int = 0) -> Iterator[Embedded]:
    """A server without TLS for the length of the block."""
    process = EmbeddedProcess(["--user", user, "--password", password, "--port", str(port)])
    try:
        yield process.where
    finally:
        process.stop()


class EmbeddedProcess:
    """The server's process, and a way to give it commands."""

    def __init__(self, options: list[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.embedded", "--print", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
        )  # fmt: skip
        self._lock = threading.Lock()
        line = self._answer()
        self.where = Embedded(**json.loads(line))

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.kill()
            raise RuntimeError(f"the embedded mail server ended: {self._process.wait()}")
        return line.strip()

    def command(self, *words: str) -> str:
        """Say a command, see ``_Control``, and wait for its answer."""
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps(words) + "\n")
            self._process.stdin.flush()
            return self._answer()

    def kill(self) -> None:
        """End it without a farewell, as a crash does."""
        self._process.kill()
        self._reap()

    def stop(self) -> None:
        """Close its stdin and wait."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


class _Control:
    """The commands: ``user NAME PASSWORD``, ``readonly NAME FOLDER``, ``renumber NAME FOLDER`` (new UIDVALIDITY)."""

    def __init__(self, backend: Any) -> None:
        self._config = backend.config
        self._login = backend.login

    async def obey(self, words: list[str]) -> str:
        verb, name, argument = words
        if verb == "user":
            await self._add(name, argument)
        elif verb == "readonly":
            (await self._folder(name, argument))._readonly = True
        elif verb == "renumber":
            folder = await self._folder(name, argument)
            folder._uid_validity += 1
        return "done"

    async def _add(self, name: str, password: str) -> None:
        from pymap.user import UserMetadata

        hashed = self._config.hash_context.hash(self._config.password_prep(password))
        self._login.users_dict[name] = UserMetadata(self._config, name, password=hashed)

    async def _folder(self, user: str, name: str) -> Any:
        mailboxes, _ = self._config.set_cache[user]
        return await mailboxes.get_mailbox(name)


async def _serve(options: argparse.Namespace) -> None:
    from proxyprotocol.sock import SocketInfoLocal
    from pymap.backend.dict import DictBackend
    from pymap.imap import IMAPServer

    backend, config = await DictBackend.init(_pymap_options(options), **_overrides(options))
    if options.without_uidplus:
        _forget_uidplus(type(config))
    config.apply_context()
    imap = IMAPServer(backend.login, config)

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await imap(reader, writer, SocketInfoLocal(writer, unique_id=b"embedded"))

    server = await asyncio.start_server(one, "127.0.0.1", options.port)
    _say(options, server.sockets[0].getsockname()[1])
    await _obey_until_stdin_closes(_Control(backend))
    sys.stdout.flush()
    server.close()


def _pymap_options(options: argparse.Namespace) -> argparse.Namespace:
    """What pymap's own command line would have set."""
    return argparse.Namespace(
        host="127.0.0.1", port=options.port, debug=False, cert=None, key=None, tls=options.certificate is not None,
        proxy_protocol=None, passlib_cfg=None, inherited_sockets=None,
        demo_data=False, demo_user=options.user, demo_password=options.password,
    )  # fmt: skip


def _overrides(options: argparse.Namespace) -> dict[str, Any]:
    from pysasl.hashing import BuiltinHash

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    if options.certificate:
        context.load_cert_chain(options.certificate, options.key)
    # One round: the passwords are invented, and tests log in often.
    return {"ssl_context": context, "reject_dnsbl": False, "hash_context": BuiltinHash(rounds=1)}


def _forget_uidplus(config_type: Any) -> None:
    told = config_type.login_capability.fget
    config_type.login_capability = property(lambda self: [name for name in told(self) if name != b"UIDPLUS"])


def _say(options: argparse.Namespace, port: int) -> None:
    if options.print:
        print(json.dumps(Embedded("127.0.0.1", port, options.user, options.password)._asdict()), flush=True)


async def _obey_until_stdin_closes(control: _Control) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(await control.obey(json.loads(line)), flush=True)


def main() -> None:
    """Serve until stdin closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="conduct")
    parser.add_argument("--password", default="invented-password")
    parser.add_argument("--certificate", help="PEM file; STARTTLS is then offered, and asked for before a login")
    parser.add_argument("--key")
    parser.add_argument("--without-uidplus", action="store_true")
    parser.add_argument("--print", action="store_true", help="print one line of JSON when ready")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
