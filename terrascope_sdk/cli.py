"""The command line: ``terrascope ask | plan | places | doctor | terra-cot | bench | serve | mcp``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from terrascope_sdk._cli_bench import bench
from terrascope_sdk._cli_mcp import mcp
from terrascope_sdk._cli_plan import plan
from terrascope_sdk._cli_serve import serve
from terrascope_sdk._cli_train import terra_cot
from terrascope_sdk.errors import TerraScopeError

if TYPE_CHECKING:
    from terrascope_sdk.types import Answer, Event

__all__ = ["app", "main"]

app = typer.Typer(
    name="terrascope",
    help="Ask Earth-observation imagery a question; get an answer measured on masks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

EXIT_STATUS = {"answered": 0, "needs_input": 3, "cannot_answer": 4, "failed": 1}
"""Exit code by the answer's status; 2 is an error in what was asked."""


def _show(event: Event) -> None:
    typer.echo(f"  {event.kind:<12} {event.text}", err=True)


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer.to_json(), indent=2, ensure_ascii=False))
    else:
        typer.echo(str(answer))


@app.command()
def ask(  # noqa: PLR0913  (one parameter an option)
    question: Annotated[str, typer.Argument(help="The question, in quotes.")],
    aoi: Annotated[
        str | None, typer.Option(help="A bundled place, a bbox west,south,east,north in degrees, or a GeoJSON file.")
    ] = None,
    time: Annotated[str | None, typer.Option(help="For example 2020, 2020-05 or 2020/2021.")] = None,
    sensor: Annotated[str | None, typer.Option(help="optical or sar; both when left out.")] = None,
    allow_low_confidence: Annotated[
        bool, typer.Option(help="Give numbers also where the network is untested or does badly; the answer says so.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the answer, a report and the masks into this folder.")] = None,
    workspace: Annotated[Path | None, typer.Option(help="Keep scenes, stacks and masks here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer document instead of text.")] = False,
    steps: Annotated[bool, typer.Option("--steps", help="Report what happens, as it happens, on stderr.")] = False,
) -> None:
    """Answer a question about a place.

    Exit code 0 when answered, 2 on an error, 3 when a question comes back, 4 when it cannot be answered.
    """
    from terrascope_sdk._ask import ask as ask_question

    answer = ask_question(
        question,
        aoi=aoi,
        time=time,
        sensor=sensor,
        allow_low_confidence=allow_low_confidence,
        workspace=workspace,
        on_event=_show if steps else None,
    )
    _print(answer, as_json=as_json)
    if out is not None:
        from terrascope_sdk.export import export

        written = export(answer, out)
        typer.echo(f"Wrote {len(written)} files to {out}.", err=True)
    raise typer.Exit(EXIT_STATUS[answer.status])


@app.command()
def places(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List the bundled places."""
    from dataclasses import asdict

    from terrascope_sdk.stac import places as bundled

    found = bundled()
    typer.echo(
        json.dumps([asdict(p) for p in found], indent=2, ensure_ascii=False) if as_json else "\n".join(map(str, found))
    )


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Say what this installation can do."""
    from terrascope_sdk._doctor import doctor as look

    report = look()
    typer.echo(json.dumps(report.to_json(), indent=2) if as_json else str(report))
    raise typer.Exit(0 if report.healthy else 1)


app.command("terra-cot")(terra_cot)
app.command()(bench)
app.command()(plan)
app.command()(serve)
app.command()(mcp)


def main() -> None:
    """Run the command line; an error is one sentence on stderr and exit code 2, never a traceback."""
    try:
        app()
    except TerraScopeError as err:
        if "--json" in sys.argv:
            typer.echo(json.dumps({"error": type(err).__name__, "message": Exception.__str__(err), "hint": err.hint}))
        typer.echo(f"{type(err).__name__}: {err}", err=True)
        sys.exit(2)
