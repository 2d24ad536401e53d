"""TLS to a mail server: always verified, by the system's authorities or by one of the committee's own."""

from __future__ import annotations

import ssl
from pathlib import Path

from policies.errors import WrongUsage


def verifying_context(ca_file: Path | None) -> ssl.SSLContext:
    """A context that verifies certificate and host, TLS 1.2 at least; ``ca_file`` is then the only authority.

    Raises WrongUsage ("ca-file"): the file cannot be read or is no PEM.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise WrongUsage(
            "ca-file", "The file of the mail server's authority cannot be read.", "It must hold PEM certificates."
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
