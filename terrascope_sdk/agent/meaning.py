"""What a plan measures, in a form in which two plans that mean the same are equal, however they are written.

Masks are taken as what they are, sets: each becomes its truth table over the maps that it goes back to, so that
``(a - b)`` and ``(a & not b)`` are one. Names of steps and windows, their order, units for display and the sensor play
no part.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from terrascope_sdk.plan.expressions import measure_expression
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Ground,
    Intersect,
    Region,
    Select,
    Subtract,
    Union,
    Within,
)
from terrascope_sdk.plan.measure_steps import Change, Compare, Distance, Rank, Share, Touches, Trend
from terrascope_sdk.plan.other_steps import Ask, Export
from terrascope_sdk.plan.step import StepBase

__all__ = ["meaning_of", "plan_in_words"]

_MOST_ATOMS = 10
"""Masks over more maps than this are compared as they are written: a table has two to this power rows."""

Test = Callable[[dict[str, bool]], bool]


def meaning_of(plan: Plan) -> frozenset[str]:
    """Return one text for each thing that a plan answers; equal sets mean the same question.

    Args:
        plan: A sound plan.
    """
    return frozenset(_Reader(plan).measured(plan.step(asked.step)) for asked in plan.answer)


def plan_in_words(plan: Plan) -> str:
    """Return what a plan measures and when, in one line, for a question back."""
    steps: dict[str, StepBase] = {s.id: s for s in plan.steps}
    names = [w.name for w in plan.windows]
    what = ", ".join(
        measure_expression(steps, a.step, names) if steps[a.step].gives == "measurement" else f"a map ({a.step})"
        for a in plan.answer
    )
    times = [str(w) for w in plan.windows]
    if len(times) < 2:  # two dates are numbered, one is not
        return f"{what}{f' in {times[0]}' if times and times[0] != 'any' else ''}"
    return f"{what} with {', '.join(f'@{i} {t}' for i, t in enumerate(times))}"


class _Reader:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.steps: dict[str, StepBase] = {s.id: s for s in plan.steps}

    # ------------------------------------------------------------------------------------------------ what is asked

    def measured(self, step: StepBase) -> str:
        name = type(step).__name__.lower()
        match step:
            case Share():
                part = self.mask(step.mask) if step.of is None else self._table(*self._both(step.mask, step.of))
                return f"share {part} of {'aoi' if step.of is None else self.mask(step.of)}"
            case Change():
                return f"change {step.what} {self.mask(step.before)} to {self.mask(step.after)}"
            case Distance() | Touches():
                return f"{name} {sorted((self.mask(step.a), self.mask(step.b)))}"
            case Rank():
                return f"rank {step.first} {sorted(map(self.mask, step.masks))}"
            case Compare():
                return f"compare {self.value(step.before)} to {self.value(step.after)}"
            case Trend():
                return f"trend {sorted({self.value(n) for n in step.values})}"
            case Ask():
                return "ask"
            case Export():
                return f"export {step.format} {sorted(map(self.value, step.what))}"
        if step.gives == "mask":
            return f"mask {self.mask(step.id)}"
        return f"{name} {' '.join(self.mask(n) for n, _ in step.references)}"

    def value(self, name: str) -> str:
        return self.measured(self.steps[name])

    # ------------------------------------------------------------------------------------------------------- masks

    def mask(self, name: str) -> str:
        atoms: dict[str, None] = {}
        return self._table(self._test(name, atoms), atoms)

    def _both(self, one: str, other: str) -> tuple[Test, dict[str, None]]:
        atoms: dict[str, None] = {}
        a, b = self._test(one, atoms), self._test(other, atoms)
        return (lambda at: a(at) and b(at)), atoms

    def _test(self, name: str, atoms: dict[str, None]) -> Test:
        """Return whether a place lies in a mask, by which of the maps it lies in; `atoms` gets their names."""
        step = self.steps[name]
        match step:
            case Union():
                tests = [self._test(n, atoms) for n in step.masks]
                return lambda at: any(t(at) for t in tests)
            case Intersect():
                tests = [self._test(n, atoms) for n in step.masks]
                return lambda at: all(t(at) for t in tests)
            case Subtract():
                a, b = self._test(step.a, atoms), self._test(step.b, atoms)
                return lambda at: a(at) and not b(at)
            case Complement():
                inner = self._test(step.mask, atoms)
                return lambda at: not inner(at)
        atom = self._atom(step)
        atoms[atom] = None
        return lambda at: at[atom]

    def _atom(self, step: StepBase) -> str:
        match step:
            case Ground():
                early = "" if step.earlier is None else f"{self._when(step.earlier)}>"
                return f"{step.concept}@{early}{self._when(step.window)}"
            case Region():
                return f"region {step.rank} {self.mask(step.mask)}"
            case Buffer():
                return f"buffer {step.distance_m:g} {self.mask(step.mask)}"
            case Within():
                return f"within {step.aoi} {self.mask(step.mask)}"
            case Components():
                return f"patches {step.min_area_m2:g} {self.mask(step.mask)}"
            case Select():
                return f"near {step.distance_m:g} {self.mask(step.mask)} {self.mask(step.other)}"
        return f"{type(step).__name__.lower()} {step.id}"  # a kind of mask that came later

    def _when(self, name: str) -> str:
        """Return a window by what it holds; the clearest scene and the latest are one reading of no time at all."""
        window = self.plan.window(name)
        pick = "" if window.pick in {"clearest", "latest"} else f" {window.pick}"
        return f"[{'any' if window.time is None else window.time}{pick}]"

    def _table(self, test: Test, atoms: dict[str, None]) -> str:
        names = sorted(atoms)
        if len(names) > _MOST_ATOMS:
            return f"{names} {[test({n: n == one for n in names}) for one in names]}"
        needed = [n for n in names if self._matters(n, names, test)]
        rows = (
            test(dict.fromkeys(names, False) | dict(zip(needed, row, strict=True)))
            for row in itertools.product((False, True), repeat=len(needed))
        )
        return f"{{{' ; '.join(needed)} : {''.join('01'[r] for r in rows)}}}"

    @staticmethod
    def _matters(name: str, names: list[str], test: Test) -> bool:
        others = [n for n in names if n != name]
        rows = (dict(zip(others, row, strict=True)) for row in itertools.product((False, True), repeat=len(others)))
        return any(test(row | {name: False}) != test(row | {name: True}) for row in rows)
