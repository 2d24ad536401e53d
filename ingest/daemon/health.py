"""How the service's tasks went, kept in the home across processes: instants, codes and counts, nothing personal."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ingest.home import Home, replace_file

FILE: Final = "service.json"
_SCHEMA: Final = 1
_MOST_BYTES: Final = 64 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class TaskHealth:
    """One task: its last success and its last failure with the error's code; ``failures`` since the last success."""

    succeeded: datetime | None = None
    failed: datetime | None = None
    failure: str = ""
    failures: int = 0

    def after_success(self, now: datetime) -> TaskHealth:
        """As it stands after a run that went well."""
        return dataclasses.replace(self, succeeded=now, failures=0)

    def after_failure(self, now: datetime, code: str) -> TaskHealth:
        """As it stands after a run that failed."""
        return dataclasses.replace(self, failed=now, failure=code, failures=self.failures + 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """The service of a home: since when it runs, when it ended in good order (None: it runs, or was killed)."""

    started: datetime | None = None
    ended: datetime | None = None
    tasks: Mapping[str, TaskHealth] = dataclasses.field(default_factory=dict)

    def task(self, name: str) -> TaskHealth:
        """One task's, which may never have run."""
        return self.tasks.get(name, TaskHealth())

    def with_task(self, name: str, health: TaskHealth) -> Health:
        """The same with one task as it stands now."""
        return dataclasses.replace(self, tasks={**self.tasks, name: health})


def load(home: Home) -> Health | None:
    """What the last service of the home noted; None where none ever did, or what stands there is no such note."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _read(json.loads((home.root / FILE).read_bytes()[:_MOST_BYTES]))
    return None


def save(home: Home, health: Health) -> None:
    """Write it whole or not at all; the members of a shared home may read it.  Raises OSError."""
    write_file(home.root / FILE, json.dumps(_plain(health)).encode(), 0o666 & ~home.umask)


def write_file(path: Path, content: bytes, mode: int) -> None:
    """Replace a file, with this mode.  Raises OSError."""
    replace_file(path, content)
    path.chmod(mode)


def _read(value: Mapping[str, Any]) -> Health:
    return Health(
        _instant(value["started"]),
        _instant(value["ended"]),
        {str(name): _task(each) for name, each in value["tasks"].items()},
    )


def _task(value: Mapping[str, Any]) -> TaskHealth:
    return TaskHealth(
        _instant(value["succeeded"]), _instant(value["failed"]), str(value["failure"]), int(value["failures"])
    )


def _plain(health: Health) -> dict[str, object]:
    return {
        "schema": _SCHEMA,
        "started": _text(health.started),
        "ended": _text(health.ended),
        "tasks": {
            name: {
                "succeeded": _text(task.succeeded),
                "failed": _text(task.failed),
                "failure": task.failure,
                "failures": task.failures,
            }
            for name, task in health.tasks.items()
        },
    }


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def _text(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
