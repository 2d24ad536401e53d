"""Who may send through the gateway: its own names and passwords, out of a file."""

from __future__ import annotations

import hmac
from pathlib import Path

from ingest.home import read_secret
from policies.errors import WrongUsage


def read_logins(file: Path | None) -> dict[str, bytes]:
    """Names and passwords from lines ``name:password``; the file is its owner's alone.

    Raises WrongUsage: no file is named, it is open to others, or a line is not of that form.
    """
    if file is None:
        raise WrongUsage(
            "no-gateway-passwords",
            "conduct.toml does not say with what mail programs log in to the gateway.",
            'Set gateway.password_file, or gateway.login = "pass".',
        )
    found: dict[str, bytes] = {}
    for line in read_secret(file).splitlines():
        name, colon, password = line.partition(b":")
        if not line.strip() or line.startswith(b"#"):
            continue
        if not (name and colon and password):
            raise WrongUsage(
                "bad-gateway-passwords", f"A line of {file.name} is not name:password.", "Write it as name:password."
            )
        found[name.decode("utf-8", "replace")] = password
    if not found:
        raise WrongUsage("bad-gateway-passwords", f"{file.name} names nobody.", "Write a line name:password.")
    return found


def is_right(logins: dict[str, bytes], name: str, password: str) -> bool:
    """Whether name and password belong together; takes as long for an unknown name."""
    known = logins.get(name)
    same = hmac.compare_digest(known or b"\0", password.encode("utf-8", "surrogateescape"))
    return same and known is not None
