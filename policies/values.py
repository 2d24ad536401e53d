"""Value classes that cost next to nothing to define: frozen, slotted dataclasses without generated code.

``dataclasses`` writes and compiles five functions for each class, half a millisecond a class; ``conduct lint`` runs
at every sending of a mail and knows some sixty of them, and forty more where it asks the store.  Fields with their
defaults, ``compare`` and ``repr``, ``__post_init__``, ``dataclasses.replace`` and ``fields`` work as ever; making a
value is slower, so what is made by the thousand is a NamedTuple or stays a true dataclass.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from typing import Any, TypeVar, dataclass_transform

Class = TypeVar("Class", bound=type)


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def value(cls: Class) -> Class:
    """Make a class a frozen value with slots; ``__init__``, ``__eq__`` and ``__hash__`` go by its annotated fields.

    What a ``functools.cached_property`` keeps is no part of the value.
    """
    own = {name: _field(cls, name) for name in inspect.get_annotations(cls)}
    given = {name: held for name, held in cls.__dict__.items() if name not in {*own, "__dict__", "__weakref__"}}
    keeps = any(isinstance(held, functools.cached_property) for held in given.values())
    made = {
        "__slots__": (*own, "__dict__") if keeps else tuple(own),
        "__dataclass_fields__": own,
        "__match_args__": tuple(own),
        "__init__": _init_and_check if "__post_init__" in given else _init,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__eq__": _equal,
        "__hash__": _hash,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    finished: Class = type(cls)(cls.__name__, cls.__bases__, {"__repr__": _shown, **given, **made})
    return finished


def _field(cls: type, name: str) -> dataclasses.Field[Any]:
    held = cls.__dict__.get(name, dataclasses.MISSING)
    field: dataclasses.Field[Any] = held if isinstance(held, dataclasses.Field) else dataclasses.field(default=held)
    field.name, field.type = name, cls.__annotations__[name]
    # What dataclasses.fields and replace look at; 3.11 to 3.14 name it so.
    field._field_type = dataclasses._FIELD  # type: ignore[attr-defined]  # noqa: SLF001
    return field


def _init(self: Any, /, *args: Any, **named: Any) -> None:  # noqa: ANN401
    fields = self.__dataclass_fields__
    if len(args) > len(fields):
        raise TypeError(f"{type(self).__name__} takes {len(fields)} values, not {len(args)}")
    write = object.__setattr__
    for name, held in zip(fields, args, strict=False):
        write(self, name, held)
    for name in (*fields,)[len(args) :]:
        write(self, name, named.pop(name) if name in named else _default(self, fields[name]))
    if named:
        raise TypeError(f"{type(self).__name__} has no {', '.join(named)}")


def _init_and_check(self: Any, /, *args: Any, **named: Any) -> None:  # noqa: ANN401
    _init(self, *args, **named)
    self.__post_init__()


def _default(self: Any, field: dataclasses.Field[Any]) -> Any:  # noqa: ANN401
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    raise TypeError(f"{type(self).__name__} needs {field.name}")


def _values(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def _compared(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return tuple(getattr(self, name) for name, field in self.__dataclass_fields__.items() if field.compare)


def _refuse(self: Any, name: str, *_: Any) -> None:  # noqa: ANN401
    raise dataclasses.FrozenInstanceError(f"{type(self).__name__}.{name} cannot be changed")


def _equal(self: Any, other: object) -> Any:  # noqa: ANN401
    return _compared(self) == _compared(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:  # noqa: ANN401
    return hash(_compared(self))


def _shown(self: Any) -> str:  # noqa: ANN401
    shown = (name for name, field in self.__dataclass_fields__.items() if field.repr)
    inner = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__name__}({inner})"


def _state(self: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return _values(self)


def _restore(self: Any, state: tuple[Any, ...]) -> None:  # noqa: ANN401
    for name, held in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, held)
