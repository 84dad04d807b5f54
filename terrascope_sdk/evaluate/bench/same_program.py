"""Whether two chains do the same: the order of mention does not matter where the measurement does not care."""

from collections.abc import Sequence

from terrascope_sdk.model.chain_grammar import Find, Ordered
from terrascope_sdk.train.programs import Program

__all__ = ["program_of_chain", "same_program"]

_SYMMETRIC = {"order", "touches", "distance"}


def program_of_chain(finds: Sequence[Find], measures: Sequence[Ordered]) -> Program:
    """Return what a chain did; one that measures never or more than once has no measurement."""
    return Program(tuple(finds), measures[0] if len(measures) == 1 else None)


def _form(program: Program) -> tuple[object, ...]:
    asked = program.measure
    if asked is None:
        return ("nothing",)
    looked = [(f.concept, f.way, f.dates) for f in program.finds]
    used = [looked[i - 1] for i in asked.masks]
    if asked.kind in _SYMMETRIC:
        return (asked.kind, sorted(looked), sorted(used))
    return (asked.kind, sorted(looked), used)


def same_program(one: Program, other: Program) -> bool:
    """Return whether two programs look for the same things and measure the same of them."""
    return _form(one) == _form(other)
