"""The service's figures in the text format that Prometheus collects: instants and counts, nothing personal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.daemon.health import Health, TaskHealth, write_file

#: node_exporter, which collects the file, is another user.
_MODE: Final = 0o644
_METRICS: Final[tuple[tuple[str, str, Callable[[TaskHealth], float]], ...]] = (
    (
        "conduct_task_last_success_timestamp_seconds",
        "When the task last went well; 0 for never.",
        lambda task: _seconds(task.succeeded),
    ),
    (
        "conduct_task_last_failure_timestamp_seconds",
        "When the task last failed; 0 for never.",
        lambda task: _seconds(task.failed),
    ),
    (
        "conduct_task_failures",
        "Attempts that failed since the last that went well.",
        lambda task: task.failures,
    ),
)


def write(file: Path | None, health: Health) -> None:
    """Write the figures, whole or not at all; nothing where no file is configured.  Raises OSError."""
    if file is not None:
        write_file(file, "".join(f"{line}\n" for line in _lines(health)).encode(), _MODE)


def _lines(health: Health) -> Iterator[str]:
    yield "# HELP conduct_up Whether the service runs; 0 after it ended in good order."
    yield "# TYPE conduct_up gauge"
    yield f"conduct_up {int(health.ended is None)}"
    for name, words, value in _METRICS:
        yield f"# HELP {name} {words}"
        yield f"# TYPE {name} gauge"
        for task, each in sorted(health.tasks.items()):
            yield f'{name}{{task="{task}"}} {value(each):.0f}'


def _seconds(instant: datetime | None) -> float:
    return instant.timestamp() if instant else 0
