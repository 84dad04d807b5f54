"""A plan as short readable text, one line a step, and back again. Nothing is ever evaluated.

::

    question "How much did the water shrink between 2019 and 2023?"
    aoi "bolzano"
    window before = 2019
    window after = 2023
    f1 = find(any, before)
    f2 = find(any, after)
    i1 = load([f1, f2])
    m1 = ground(i1, water, before)
    m2 = ground(i1, water, after)
    b1 = buffer(m2, 500)
    c1 = change(m1, m2, net, direction=loss)
    answer c1 in ha
    planner "rules" 0.95

Required fields stand in the order of the step's class, others as ``name=value``. Words in quotes are JSON.
"""

import json
import re
from typing import TYPE_CHECKING

from terrascope_sdk.errors import ParseError
from terrascope_sdk.plan.step import StepBase
from terrascope_sdk.plan.steps import step_classes
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from terrascope_sdk.plan.language import Plan

__all__ = ["parse_plan_text", "plan_text", "step_text"]

MAX_TEXT = 1_000_000
"""Longest text that is read, in characters."""

_WORD = r"[A-Za-z0-9_.+-]+"
_VALUE = rf"(?:{_WORD}|\[(?:{_WORD}(?:, {_WORD})*)?\])"
_ARGUMENT = re.compile(rf"(?:([a-z_0-9]+)=)?(?:({_VALUE})(?:, |$)|(?=[\"{{]))")
_STEP = re.compile(r"([a-z][a-z0-9_]*) = ([a-z_]+)\((.*)\)")
_WINDOW = re.compile(r"([a-z][a-z0-9_]*) = ([^,]+)(?:, ([a-z]+))?")
_ASKED = re.compile(r"([a-z][a-z0-9_]*)(?: in ([a-z0-9]+))?")
_PLANNER = re.compile(r'("(?:[^"\\]|\\.)*") (\S+)')


# ------------------------------------------------------------------------------------------------------- to text


def _quoted(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _value_text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)
    if isinstance(value, dict) or (isinstance(value, str) and not re.fullmatch(_WORD, value)):
        return _quoted(value)
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def step_text(step: StepBase) -> str:
    """Return one step as a line, for example ``m1 = ground(i1, water, only)``."""
    arguments = []
    for name, field in type(step).model_fields.items():
        value = getattr(step, name)
        if name in {"id", "op"} or (not field.is_required() and value == field.default):
            continue
        arguments.append(_value_text(value) if field.is_required() else f"{name}={_value_text(value)}")
    return f"{step.id} = {type(step).model_fields['op'].default}({', '.join(arguments)})"


def plan_text(plan: "Plan") -> str:
    """Return the whole plan as text that :func:`parse_plan_text` reads."""
    lines = [f"question {_quoted(plan.question)}"]
    if plan.aoi is not None:
        lines.append(f"aoi {_quoted(plan.aoi)}")
    lines += [f"window {w.name} = {w}" for w in plan.windows]
    lines += [step_text(s) for s in plan.steps]
    lines += [f"answer {a.step}" + (f" in {a.unit}" if a.unit else "") for a in plan.answer]
    lines.append(f"planner {_quoted(plan.planner)} {plan.confidence!r}")
    lines += [f"assume {_quoted(a)}" for a in plan.assumptions]
    return "\n".join(lines)


# ----------------------------------------------------------------------------------------------------- from text


def _json(text: str) -> JsonValue:
    return json.loads(text)


def _window(text: str) -> JsonValue:
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise ValueError("a window is written `window before = 2019` or `window last = any, latest`")
    name, time, pick = match.groups()
    return {"name": name, "time": None if time == "any" else time} | ({"pick": pick} if pick else {})


def _asked(text: str) -> JsonValue:
    match = _ASKED.fullmatch(text)
    if match is None:
        raise ValueError("an answer is written `answer a1` or `answer a1 in ha`")
    return {"step": match[1], "unit": match[2]}


def _step(line: str) -> JsonValue:
    match = _STEP.fullmatch(line)
    if match is None:
        raise ValueError("neither a step such as `m1 = ground(i1, water, only)` nor a line that begins with question, "
                         "aoi, window, answer, planner or assume")  # fmt: skip
    name, op, inside = match.groups()
    if op not in step_classes:
        raise ValueError(f"there is no step {op!r}; known are {', '.join(step_classes)}")
    fields = step_classes[op].model_fields
    free = [f for f, info in fields.items() if info.is_required() and f not in {"id", "op"}]
    document: dict[str, JsonValue] = {"id": name, "op": op}
    for key, value in _arguments(inside):
        field = key or (free.pop(0) if free else None)
        if field is None or field not in fields or field in document:
            raise ValueError(f"{op} does not take {key or value!r} here")
        document[field] = value
    return document


def _arguments(text: str) -> list[tuple[str, JsonValue]]:
    found: list[tuple[str, JsonValue]] = []
    position = 0
    while position < len(text):
        match = _ARGUMENT.match(text, position)
        if match is None:
            raise ValueError(f"{text[position : position + 40]!r} is not a list of names")
        position = match.end()
        word = match[2]
        if word is not None:
            found.append((match[1] or "", word[1:-1].split(", ") if word.startswith("[") else word))
            continue
        value, position = json.JSONDecoder().raw_decode(text, position)
        if text[position : position + 2] not in ("", ", "):
            raise ValueError(f"{text[position : position + 40]!r} does not go on with a comma")
        position += 2
        found.append((match[1] or "", value))
    return found


def _planner(text: str) -> tuple[JsonValue, float]:
    match = _PLANNER.fullmatch(text)
    if match is None:
        raise ValueError('a planner is written `planner "rules" 0.95`')
    return json.loads(match[1]), float(match[2])


def _read_line(line: str, document: dict[str, JsonValue]) -> None:
    head, _, rest = line.partition(" ")
    if head in {"question", "aoi"} and not rest.startswith("="):
        document[head] = _json(rest)
    elif head == "planner" and not rest.startswith("="):
        document["planner"], document["confidence"] = _planner(rest)
    elif head in _LISTS and not rest.startswith("="):
        field, read = _LISTS[head]
        document[field].append(read(rest))
    else:
        document["steps"].append(_step(line))


_LISTS = {"window": ("windows", _window), "answer": ("answer", _asked), "assume": ("assumptions", _json)}


def parse_plan_text(text: str) -> dict[str, JsonValue]:
    """Read the text form as the JSON form, which is still to be validated.

    Raises:
        ParseError: A line is not of the form; it is named.
    """
    if len(text) > MAX_TEXT:
        raise ParseError(f"The text of a plan has at most {MAX_TEXT} characters, not {len(text)}.")
    document: dict[str, JsonValue] = {"windows": [], "steps": [], "answer": [], "assumptions": []}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            _read_line(line.strip(), document)
        except (ValueError, RecursionError) as err:
            raise ParseError(
                f"Line {number} of the plan is not understood: {line.strip()[:80]!r}.", hint=f"{err}."
            ) from err
    return document
