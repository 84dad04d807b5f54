"""Where the steps of a plan stand in its drawing: level under level, lines past the boxes and not through them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from terrascope_sdk.plan.step import StepBase

__all__ = ["Layout", "lay_out"]

_SORTING, _SWEEPS = 8, 32
"""Passes down and up in which nodes change places in their level, and passes in all."""

_LINE_PX = 14.0

Node = str | tuple[str, str, int]
"""A step's id; or a place that a line passes, as from, to, level."""


@dataclass(frozen=True)
class Layout:
    """Places in a drawing, px."""

    boxes: Mapping[str, tuple[float, int]]
    """Middle (x, from the left) and level (from the top) of each step."""

    lines: Mapping[tuple[str, str], tuple[tuple[float, int], ...]]
    """Places that the line from one step to another passes, both ends included."""

    width: float
    """Of the whole drawing."""

    levels: int
    """Number of levels."""


def lay_out(order: Sequence[StepBase], *, box_px: float, gap_px: float) -> Layout:
    """Return where steps stand, each below what it takes.

    Args:
        order: Steps, each after what it takes.
        box_px: Width of a box.
        gap_px: Room between two boxes.
    """
    level: dict[str, int] = {}
    for step in order:
        level[step.id] = 1 + max((level[name] for name, _ in step.references), default=-1)
    edges = list(dict.fromkeys((name, step.id) for step in order for name, _ in step.references))
    rows: list[list[Node]] = [[] for _ in range(max(level.values()) + 1)]
    for step in order:
        rows[level[step.id]].append(step.id)
    paths: dict[tuple[str, str], list[Node]] = {}
    for a, b in edges:
        passed: list[Node] = [(a, b, n) for n in range(level[a] + 1, level[b])]
        for n, node in enumerate(passed, level[a] + 1):
            rows[n].append(node)
        paths[a, b] = [a, *passed, b]
    near = _neighbours(paths.values())
    widths = {node: box_px if isinstance(node, str) else _LINE_PX for row in rows for node in row}
    x = _placed(rows, near, widths, gap_px)
    left = min(x[node] - widths[node] / 2 for node in x)
    right = max(x[node] + widths[node] / 2 for node in x)
    where = {node: (x[node] - left, n) for n, row in enumerate(rows) for node in row}
    return Layout(
        boxes={name: where[name] for name in level},
        lines={edge: tuple(where[node] for node in path) for edge, path in paths.items()},
        width=right - left,
        levels=len(rows),
    )


def _neighbours(paths: Iterable[list[Node]]) -> dict[Node, list[Node]]:
    near: dict[Node, list[Node]] = {}
    for path in paths:
        for one, other in itertools.pairwise(path):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    return near


def _placed(
    rows: list[list[Node]], near: Mapping[Node, list[Node]], widths: Mapping[Node, float], gap_px: float
) -> dict[Node, float]:
    """Return the middle of each node: near what it is joined to, without two on top of each other."""
    x: dict[Node, float] = {}
    for row in rows:
        x |= _spread(row, dict.fromkeys(row, 0.0), widths, gap_px)
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = {node: _mean([x[other] for other in near.get(node, ())], x[node]) for node in row}
            if sweep < _SORTING:
                row.sort(key=lambda node: wanted[node])
            x |= _spread(row, wanted, widths, gap_px)
    return x


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _spread(
    row: Sequence[Node], wanted: Mapping[Node, float], widths: Mapping[Node, float], gap_px: float
) -> dict[Node, float]:
    """Return places in the order of the row, as near as can be to those wanted."""
    x: dict[Node, float] = {}
    right = float("-inf")
    for node in row:
        x[node] = max(wanted[node], right + gap_px + widths[node] / 2)
        right = x[node] + widths[node] / 2
    shift = _mean([wanted[node] - x[node] for node in row], 0.0)
    return {node: at + shift for node, at in x.items()}
