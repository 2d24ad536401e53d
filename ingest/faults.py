"""What is told of a fault of ours: its kind and its place in our code, and nothing of what was being worked on."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

_ROOT = Path(__file__).resolve().parents[1]


def fault_sentence(error: BaseException) -> str:
    """One sentence with a code that is the same for the same fault."""
    from hashlib import sha256

    place = _place(error.__traceback__)
    code = sha256(f"{type(error).__name__} {place}".encode()).hexdigest()[:8]
    return f"a fault of ours, {code}: {type(error).__name__} in {place}."


def _place(trace: TracebackType | None) -> str:
    """File and line of the innermost frame that is ours."""
    ours = "?"
    while trace is not None:
        file, line, trace = Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno, trace.tb_next
        if file.is_relative_to(_ROOT) and "site-packages" not in file.relative_to(_ROOT).parts:
            ours = f"{file.relative_to(_ROOT)}:{line}"
    return ours
