"""Writing conduct.toml: every key stands in it with its reason, set or as a comment."""

from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import tomlkit

from ingest.config import TABLES, Settings, parse_settings
from ingest.config_sections import Section
from ingest.home import Home, sync_folder

# Keys of a community's policy that conduct.toml may answer otherwise: key, what Django's policy has, reason.
POLICY_KEYS: Final[tuple[tuple[str, str | int | bool, str], ...]] = (
    ("clock", "decided", "Months are counted from the day of the decision (decided) or of the report (reported)."),
    ("extension", "align", "A new violation moves older records to its own date (align) or starts their term anew."),
    ("extends", "record", "A new violation moves the person's whole older record, or the part on her (subject)."),
    ("grace_days", 0, "Days between the date to expunge and the act."),
    ("unattended", False, "Whether the daemon may carry out what is due by itself."),
)


# Tables whose every key has a default: their heads need not be set free before a key is.
_ALWAYS: Final = ("outgoing", "gateway", "service", "store")


def compose_settings(values: Mapping[str, Any]) -> str:
    """The text of a conduct.toml with ``values`` (tables as mappings) in which every key stands with its reason.

    Keys without a value stand as comments with their default or an example.
    """
    lines = ["# What conduct goes by. Keys behind a # are at their default or unset.", ""]
    lines += _lines(Settings, values)
    for name, section in TABLES.items():
        wanted = values.get(name)
        lines += [f"[{name}]" if wanted or name in _ALWAYS else f"# [{name}]", *_lines(section, wanted or {})]
    retention = values.get("retention", {})
    lines += ["[retention]" if retention else "# [retention]", *_retention(retention)]
    return "\n".join(lines).rstrip() + "\n"


def _lines(section: type[Section], values: Mapping[str, Any]) -> Iterator[str]:
    for key, field in section.model_fields.items():
        if field.description is None:
            continue
        example = field.examples[0] if field.examples else field.default
        yield from _entry(key, values.get(key), example, field.description)


def _retention(values: Mapping[str, Any]) -> Iterator[str]:
    yield "# Answers that differ from the policy's own; conduct policy explain shows which is in force and why."
    yield ""
    for key, default, reason in POLICY_KEYS:
        yield from _entry(key, values.get(key), default, reason)


def _entry(key: str, value: object, otherwise: object, reason: str) -> Iterator[str]:
    yield from (f"# {line}" for line in textwrap.wrap(reason, 100))
    shown = otherwise if value is None else value
    text = tomlkit.dumps({key: list(shown) if isinstance(shown, tuple) else shown}).rstrip()
    yield f"# {text}" if value is None else text
    yield ""


def write_settings(home: Home, values: Mapping[str, Any]) -> None:
    """Write conduct.toml, whole or not at all; it must be one that ``load_settings`` takes.  Raises WrongUsage."""
    text = compose_settings(values)
    parse_settings(text, home.settings_file)
    handle, draft = tempfile.mkstemp(prefix=".", suffix=".toml", dir=home.configuration)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o666 & ~home.umask)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(home.settings_file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    sync_folder(home.configuration)
