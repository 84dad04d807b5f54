"""A run over a question file: every line answered and scored, and the tally of it."""

from __future__ import annotations

import codecs
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.evaluate.answering import answer_question
from terrascope_sdk.evaluate.given import GivenAnswer
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.scoring import AnswerKey, Masks, Verdict, judge
from terrascope_sdk.types import Reasoner
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Result", "Tally", "answer_and_score", "read_lines", "score_file"]


@dataclass(frozen=True)
class Result:
    """One line of a question file, answered and scored."""

    id: str
    """Name of the question; ``line N`` where it has none."""

    task: str
    """Its task; ``unreadable`` where the line is none."""

    scene: str
    """Its scene; empty where it has none."""

    expected: float | int | str | None
    """What is right, as written."""

    given: GivenAnswer
    """What was answered."""

    verdict: Verdict
    """Whether it is right, and why."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return what a list of misses holds."""
        return {
            "id": self.id,
            "task": self.task,
            "answered": self.given.value,
            "expected": self.expected,
            "why": self.verdict.why,
            "outcome": self.given.outcome,
        }


@dataclass(frozen=True)
class Tally:
    """The results of a file."""

    results: tuple[Result, ...]
    """One for each line that is not blank, in order."""

    masks: Masks
    """Where the masks came from."""

    def to_json(self) -> dict[str, JsonValue]:
        """Return counts, by task and by scene, what was answered, and the misses with their reasons."""
        outcomes = Counter(r.given.outcome for r in self.results)
        return {
            "total": len(self.results),
            "correct": sum(r.verdict.correct for r in self.results),
            "masks": self.masks,
            "answered": outcomes["answered"],
            "refused": outcomes["refused"],
            "failed": outcomes["failed"],
            "by_task": self._counts([r.task for r in self.results]),
            "by_scene": self._counts([r.scene for r in self.results]),
            "answers": {r.id: r.given.value for r in self.results},
            "misses": [r.to_json() for r in self.results if not r.verdict.correct],
            "refusals": [r.to_json() for r in self.results if r.given.outcome == "refused"],
        }

    def _counts(self, groups: Sequence[str]) -> dict[str, JsonValue]:
        found: dict[str, dict[str, int]] = {}
        for group, result in zip(groups, self.results, strict=True):
            row = found.setdefault(group, {"total": 0, "correct": 0})
            row["total"] += 1
            row["correct"] += result.verdict.correct
        return {name: found[name] for name in sorted(found)}


def read_lines(path: Path) -> Iterator[tuple[str, dict[str, JsonValue] | str]]:
    """Yield the lines of a question file as (name, record), or (name, what is wrong with the line).

    Raises:
        InputError: The file is missing, no text, or holds no line.
    """
    try:
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as err:
        raise InputError(f"{path} cannot be read: {err}.") from err
    lines = [(number, line) for number, line in enumerate(content.split(b"\n"), start=1) if line.strip()]
    if not lines or b"\0" in content:
        raise InputError(f"{path} holds no questions.", hint="Write one JSON object per line, in UTF-8.")
    for number, line in lines:
        yield f"line {number}", _record(line)


def _record(line: bytes) -> dict[str, JsonValue] | str:
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as err:
        return f"this is no JSON: {err}"
    return record if isinstance(record, dict) else f"this is no JSON object but {type(record).__name__}"


def answer_and_score(
    record: Mapping[str, JsonValue], name: str, data: Path, *, masks: Masks, reasoner: Reasoner | None
) -> Result:
    """Answer and score one record; answering gets nothing but the fields of :class:`Question`."""
    own = record.get("id")
    identity = str(own) if isinstance(own, str | int) and str(own).strip() else name
    named = dict(record) | {"id": identity}
    try:
        given = answer_question(Question.from_record(named), data, reasoner=reasoner)
    except ParseError as err:
        given = GivenAnswer(identity, "failed", why=f"the question cannot be read: {err}")
    try:
        verdict = judge(given, AnswerKey.from_record(named), masks=masks)
    except ParseError as err:
        why = given.why if given.outcome == "failed" else f"the answer key cannot be read: {err}"
        verdict = Verdict(False, why)
    task, scene = (value if isinstance(value := record.get(key), str) else "" for key in ("task", "scene"))
    answer = record.get("answer")
    plain = isinstance(answer, int | str | None) or (isinstance(answer, float) and math.isfinite(answer))
    expected = answer if plain else str(answer)
    return Result(identity, task or "unreadable", scene, expected, given, verdict)


def score_file(path: Path, data: Path, *, masks: Masks, reasoner: Reasoner | None = None) -> Tally:
    """Answer and score every line of a question file.

    Args:
        path: The file, one JSON object per line.
        data: Folder with the scenes' folders.
        masks: ``reference`` measures on the labels; ``model`` on what the reasoner segments.
        reasoner: Needed for ``model``.

    Raises:
        InputError: The file or the data folder cannot be read, or mode and reasoner do not fit.
    """
    if not data.is_dir():
        raise InputError(f"There is no folder {data}.", hint="Give the folder that holds the scenes' folders.")
    if (masks == "model") != (reasoner is not None):
        raise InputError("A reasoner belongs to masks='model', and to nothing else.")
    results = []
    for name, record in read_lines(path):
        if isinstance(record, str):
            given = GivenAnswer(name, "failed", why=record)
            results.append(Result(name, "unreadable", "", None, given, Verdict(False, record)))
        else:
            results.append(answer_and_score(record, name, data, masks=masks, reasoner=reasoner))
    return Tally(tuple(results), masks)
