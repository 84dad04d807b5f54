"""CQL2 filters: read and checked before a server sees them, and decided for one item."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Filter", "parse_filter"]

_EXAMPLE = 'For example "eo:cloud_cover < 20".'
_MISTAKEN = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "eq": "=", "neq": "<>"}
"""Operators of the older `query` extension, which CQL2 takes for functions of the user's own."""


@dataclass(frozen=True)
class Filter:
    """A valid CQL2 filter."""

    text: str
    """CQL2 text."""

    document: dict[str, JsonValue] = field(compare=False)
    """The same as CQL2 JSON."""

    def __str__(self) -> str:
        return self.text

    @cached_property
    def _expression(self) -> Any:  # cql2 has no types
        import cql2

        return cql2.parse_json(json.dumps(self.document))

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the item properties that it mentions, sorted."""
        return tuple(sorted({str(n["property"]) for n in _nodes(self.document) if "property" in n}))

    def fits(self, item: dict[str, JsonValue]) -> bool | None:
        """Return whether an item fits; None when that cannot be told, as the item lacks a property it needs."""
        try:
            return bool(self._expression.matches(item))
        except Exception:  # noqa: BLE001  cql2 raises plain Exception for everything it cannot decide
            return None


def _nodes(node: JsonValue) -> list[dict[str, JsonValue]]:
    """Return every object within a CQL2 JSON document."""
    if isinstance(node, list):
        return [n for part in node for n in _nodes(part)]
    if not isinstance(node, dict):
        return []
    return [node, *(n for part in node.values() for n in _nodes(part))]


def parse_filter(query: str | dict[str, JsonValue]) -> Filter:
    """Return the filter that CQL2 text or CQL2 JSON stands for.

    Args:
        query: CQL2 text, CQL2 JSON as a dictionary, or CQL2 JSON as text.

    Raises:
        InputError: It is no CQL2; the message has the reason.
    """
    import cql2

    shown = query if isinstance(query, str) else json.dumps(query, default=str)
    try:
        expression = cql2.Expr(query) if isinstance(query, str) else cql2.parse_json(json.dumps(query))
        expression.validate()
        document, text = expression.to_json(), expression.to_text()
    except Exception as err:  # cql2 raises several classes for one thing: this is no CQL2
        raise InputError(f"{shown[:200]!r} is no CQL2 filter: {err}.", hint=_EXAMPLE) from err
    wrong = [n["op"] for n in _nodes(document) if n.get("op") in _MISTAKEN]
    if wrong:
        raise InputError(
            f"{shown[:200]!r} is no CQL2 filter: it has no operator {wrong[0]!r}.",
            hint=f"Write {_MISTAKEN[wrong[0]]!r}. {_EXAMPLE}",
        )
    return Filter(query if isinstance(query, str) else text, document)
