"""A question as the answering side sees it: never with its answer, its options, its unit or notes for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from terrascope_sdk.errors import ParseError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Question"]


@dataclass(frozen=True)
class Question:
    """One line of a question file, reduced to the fields that answering may use."""

    id: str
    """Name of the question."""

    scene: str
    """Folder with the scene's files, inside the data folder."""

    task: str
    """``coverage``, ``area``, ``ranking``, ``boundary``, ``distance``, ``count`` or ``change``."""

    question: str
    """The question in words."""

    images: tuple[str, ...]
    """Image files of the scene; none when only the label is measured."""

    label: str
    """Where the reference mask is, in one of the five forms of :mod:`~terrascope_sdk.evaluate.sources`."""

    label_values: tuple[float, ...] | None
    """Classes or instances that the question is about; None where the label has no class map or all count."""

    cloud: str | None = None
    """Where the cloud flag is, in the same forms; None when there is none."""

    measure: str | None = None
    """Which change is asked; None outside of change questions."""

    removed_instances: tuple[float, ...] | None = None
    """Instances that vanish."""

    @classmethod
    def from_record(cls, record: Mapping[str, JsonValue]) -> Question:
        """Read a question from a line of a file; all other fields are passed over.

        Raises:
            ParseError: A field is missing or is not what it must be.
        """
        return cls(
            id=_text(record, "id"),
            scene=_inside(_text(record, "scene")),
            task=_text(record, "task").strip().lower(),
            question=_text(record, "question"),
            images=_texts(record.get("images")),
            label=_text(record, "label"),
            label_values=_numbers(record, "label_values"),
            cloud=_text(record, "cloud") if record.get("cloud") is not None else None,
            measure=_text(record, "measure") if record.get("measure") is not None else None,
            removed_instances=_numbers(record, "removed_instances"),
        )


def _text(record: Mapping[str, JsonValue], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ParseError(f"The field {name!r} is {value!r}, not a text.")
    return value


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ParseError(f"{name!r} leads out of the data folder.", hint="Name a folder inside it.")
    return name


def _texts(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ParseError(f"The field 'images' is {value!r}, not a list of file names.")
    return tuple(value)


def _numbers(record: Mapping[str, JsonValue], name: str) -> tuple[float, ...] | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (value,)
    if not isinstance(value, list) or any(isinstance(v, bool) or not isinstance(v, int | float) for v in value):
        raise ParseError(f"The field {name!r} is {value!r}, not a list of numbers.")
    return tuple(value)
