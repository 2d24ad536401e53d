"""``conduct config show``: every key, its value, and what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import click

from ingest.cli.context import Session, pass_session
from ingest.cli.output import Table, emit, format_option

if TYPE_CHECKING:
    from ingest.config_sections import Section


@click.command("show")
@format_option()
@pass_session
def command(session: Session) -> None:
    """Show every key of conduct.toml with its value, set or by default, and what it is for."""
    keys = list(_keys(session))
    emit(
        session,
        [f"{session.home.settings_file}", Table(("KEY", "VALUE", "SET", "WHAT FOR"), [_row(key) for key in keys])],
        {"file": session.home.settings_file, "home": session.home.root, "keys": keys},
    )


def _keys(session: Session) -> Iterator[Mapping[str, Any]]:
    from ingest.config import TABLES

    settings = session.settings
    yield from _section("", settings)
    for name in TABLES:
        section = getattr(settings, name)
        if section is not None:
            yield from _section(f"{name}.", section)
    for key, value in settings.retention.items():
        yield {"key": f"retention.{key}", "value": value, "set": True, "what_for": "Answers for the policy."}


def _section(prefix: str, section: Section) -> Iterator[Mapping[str, Any]]:
    for key, field in type(section).model_fields.items():
        if field.description is not None:
            value = _presentable(getattr(section, key))
            is_set = key in section.model_fields_set
            yield {"key": f"{prefix}{key}", "value": value, "set": is_set, "what_for": field.description}


def _presentable(value: object) -> object:
    """The value without the password that a database's address may hold."""
    if isinstance(value, Path):
        return str(value)
    if not isinstance(value, str) or "://" not in value:
        return value
    parts = urlsplit(value)
    if parts.password is None:
        return value
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))


def _row(key: Mapping[str, Any]) -> tuple[str, str, str, str]:
    value = key["value"]
    shown = "-" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return key["key"], shown, "set" if key["set"] else "default", key["what_for"]
