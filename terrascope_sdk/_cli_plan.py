"""``terrascope plan``: what a question would do, before anything is looked for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from terrascope_sdk.errors import InputError

if TYPE_CHECKING:
    from terrascope_sdk.plan.outcomes import PlanOutcome

__all__ = ["plan"]

EXIT_STATUS = {"plan": 0, "needs_input": 3, "cannot_answer": 4}
"""Exit code by the status of the plan; 2 is an error in what was asked."""


def plan(
    question: Annotated[str, typer.Argument(help="The question, in quotes, in English or German.")],
    aoi: Annotated[
        str | None, typer.Option(help="A bundled place, a bbox west,south,east,north in degrees, or a GeoJSON file.")
    ] = None,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day that relative times are counted from.")
    ] = None,
    previous: Annotated[
        list[str] | None, typer.Option(help="A question before this one, which it may go on from; can be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the keys of the plan and its steps as JSON.")] = False,
) -> None:
    """Show the plan for a question; nothing is searched for, loaded or measured."""
    from terrascope_sdk.plan.digest import digest_outcome
    from terrascope_sdk.plan.rules import Planned, plan_question
    from terrascope_sdk.stac import places, resolve_aoi

    area = None if aoi is None else resolve_aoi(aoi)
    known = [p.name for p in places()]
    outcome = None
    for text in (*(previous or ()), question):
        before = outcome.plan if isinstance(outcome, Planned) else None
        outcome = plan_question(
            text, aoi=area, known_places=known, today=None if today is None else today.date(), previous=before
        )
    if outcome is None:  # there is always the question itself
        raise InputError("There is no question.")
    keys = digest_outcome(outcome)
    if as_json:
        typer.echo(json.dumps(keys | _rest(outcome), indent=1, ensure_ascii=False))
    else:
        typer.echo(str(outcome.plan) if isinstance(outcome, Planned) else _said(outcome))
    raise typer.Exit(EXIT_STATUS[str(keys["status"])])


def _said(outcome: PlanOutcome) -> str:
    back = getattr(outcome, "question_back", "")
    return f"{getattr(outcome, 'reason', '')} {back}".strip()


def _rest(outcome: PlanOutcome) -> dict[str, object]:
    """Return the steps and how sure the planner is, or the reason why there are none."""
    from terrascope_sdk.plan.rules import Planned

    if not isinstance(outcome, Planned):
        return {"reason": outcome.reason, "question_back": getattr(outcome, "question_back", None)}
    document = outcome.plan.to_json()
    shown = ("planner", "confidence", "assumptions", "aoi", "steps", "answer")
    return {key: document[key] for key in shown} | {"named_windows": document["windows"]}
