"""Passwords and tokens of mail servers: from systemd, from a program, or from a file, never from an argument."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ingest.config_sections import Login
from ingest.home import MAX_SECRET_BYTES, first_line, read_handed_secret
from policies.errors import Unavailable, WrongUsage

COMMAND_SECONDS: Final = 60


def read_password(login: Login, table: str, environ: Mapping[str, str]) -> str:
    """A server's password or, where ``token_command`` is set, its access token, read anew each time.

    ``table`` is the login's name in conduct.toml: systemd's credential ``TABLE-password`` comes before its keys.
    Raises WrongUsage where none is configured or the file is open to others, Unavailable where the command fails.
    """
    # systemd.exec(5), "Credentials": a folder that only this service can read.
    credential = Path(environ.get("CREDENTIALS_DIRECTORY", "")) / f"{table}-password"
    if login.token_command is not None:
        return run_for_secret(login.token_command, f"{table}.token_command")
    if environ.get("CREDENTIALS_DIRECTORY") and credential.exists():
        return first_line(credential.read_bytes(), f"the credential {credential.name}")
    if login.password_command is not None:
        return run_for_secret(login.password_command, f"{table}.password_command")
    if login.password_file is not None:
        return first_line(read_handed_secret(login.password_file), str(login.password_file))
    raise WrongUsage(
        "no-password",
        f"conduct.toml does not say where the password of [{table}] is.",
        f"Set {table}.password_file, {table}.password_command or {table}.token_command.",
    )


def run_for_secret(command: Sequence[str], key: str) -> str:
    """The first line that a program prints; no shell, no input, a minute's patience.  ``key`` names it in errors.

    Raises Unavailable where the program cannot be run, fails or is too slow.
    """
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # A person may be asked to touch a key; in a journal a program's chatter could be the secret itself.
            stderr=None if os.isatty(2) else subprocess.DEVNULL,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        reason = f"gave no answer in {COMMAND_SECONDS} seconds"
    except OSError as error:
        reason = f"cannot be run: {error.strerror}"
    else:
        if finished.returncode == 0:
            return first_line(finished.stdout[:MAX_SECRET_BYTES], key)
        reason = f"ended with status {finished.returncode}"
    raise Unavailable("secret-command", f"{key} {reason}.", "Run it by hand to see why.")
