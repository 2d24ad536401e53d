"""A throwaway PostgreSQL cluster, on loopback and on a socket in its own folder, without passwords."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from tests.servers.ports import free_port


def find_postgres() -> Path | None:
    """The folder of the newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class Postgres:
    """The cluster; each schema that ``create`` makes is empty and nobody else's."""

    def __init__(self) -> None:
        programs = find_postgres()
        assert programs is not None
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        # PostgreSQL refuses to run as root; Debian's package made a user for it.
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", str(self._cluster), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale=C.UTF-8")  # fmt: skip

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    def _run(self, program: str, *words: str) -> None:
        with (self.folder.parent / f"{self.folder.name}.said").open("ab") as said:
            done = subprocess.run(
                [*self._as, str(self._programs / program), *words], stdout=said, stderr=said, cwd="/", check=False
            )
        if done.returncode:
            raise RuntimeError(Path(said.name).read_text()[-2000:])

    def start(self) -> None:
        """Start and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run("pg_ctl", "-D", str(self._cluster), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self) -> None:
        """End it at once, connections included."""
        self._run("pg_ctl", "-D", str(self._cluster), "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        if (self._cluster / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder.parent / f"{self.folder.name}.said").unlink(missing_ok=True)

    def create(self) -> str:
        """A new schema, for SQLAlchemy and psycopg 3 as good as a database: its URL.

        A database would be three hundred files each time, and minutes to remove after a whole run.
        """
        name = f"test_{uuid.uuid4().hex}"
        self._run("psql", "-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-c", f"CREATE SCHEMA {name}")
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres?options=-csearch_path%3D{name}"

    @property
    def owner(self) -> str:
        """The OS user it runs as."""
        return "postgres" if self._as else pwd.getpwuid(os.geteuid()).pw_name
