"""What is sent to prove who we are: the first messages of SASL mechanisms, as bytes before base64."""

from __future__ import annotations


def plain(user: str, password: str) -> bytes:
    """The message of PLAIN, acting as oneself (RFC 4616 section 2)."""
    return b"\0" + user.encode() + b"\0" + password.encode()


def xoauth2(user: str, token: str) -> bytes:
    """The message of XOAUTH2, which Gmail and Microsoft 365 take: an access token instead of a password."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def oauthbearer(user: str, host: str, port: int, token: str) -> bytes:
    """The message of OAUTHBEARER (RFC 7628 section 3.1); ``host`` and ``port`` are those that were connected to."""
    name = user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 section 4, saslname
    return f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {token}\1\1".encode()
