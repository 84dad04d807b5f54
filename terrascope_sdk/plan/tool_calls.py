"""The tools as plain functions: arguments in, digest and artifact out. LangChain and MCP tools wrap these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan import tool_arguments as arguments
from terrascope_sdk.plan.tool_answers import answer_question, run_plan
from terrascope_sdk.plan.tool_budget import ToolBudget, ToolMeter
from terrascope_sdk.plan.tool_digest import ToolResult
from terrascope_sdk.plan.tool_errors import ToolProblem, explain
from terrascope_sdk.plan.tool_imagery import ask_reasoner, find_imagery, ground_concept, load_imagery
from terrascope_sdk.plan.tool_masks import combine_masks, export_result, measure_mask
from terrascope_sdk.plan.tool_workshop import ToolCall, Workshop
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import Catalog
from terrascope_sdk.types import Listener, Reasoner
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["TOOLS", "ToolSpec", "Toolbox", "find_tool"]


@dataclass(frozen=True)
class ToolSpec:
    """One tool."""

    name: str
    """What it is called by."""

    description: str
    """What it does, for a language model."""

    arguments: type[arguments.ToolArguments]
    """What it takes."""

    function: Callable[[Workshop, Any, ToolCall], ToolResult]  # the second is of the type above
    """What does it."""

    writes: bool = False
    """Whether it writes files that a person asked for; all others only add to the workspace's own store."""

    def schema(self) -> dict[str, JsonValue]:
        """Return the JSON schema of the arguments."""
        return self.arguments.model_json_schema()


TOOLS = (
    ToolSpec(
        "find_imagery",
        "Find satellite scenes (optical and radar) of an area. Returns an imagery id and numbered scenes with date, "
        "sensor and cloud share. Next: load_imagery.",
        arguments.FindImagery,
        find_imagery,
    ),
    ToolSpec(
        "load_imagery",
        "Load pixels of numbered scenes of an imagery id. Returns a stack id and the position of each date. Next: "
        "ground_concept or ask_reasoner.",
        arguments.LoadImagery,
        load_imagery,
    ),
    ToolSpec(
        "ground_concept",
        "Map one concept (water, forest, cropland, ...) on one date of a stack. Returns a mask id and its share. "
        "Next: measure_mask or combine_masks.",
        arguments.GroundConcept,
        ground_concept,
    ),
    ToolSpec(
        "ask_reasoner",
        "Ask the vision-language reasoner a question about a stack. Returns its claim in words and the masks behind "
        "it; the claim is not measured.",
        arguments.AskReasoner,
        ask_reasoner,
    ),
    ToolSpec(
        "measure_mask",
        "Measure area, share, count, edge length, distance, contact or change of masks on the true ground. The only "
        "source of numbers: quote value and unit exactly as returned.",
        arguments.MeasureMask,
        measure_mask,
    ),
    ToolSpec(
        "combine_masks",
        "Make a new mask of others on the same grid: union, intersect, subtract, complement, buffer by metres, keep "
        "patches of a size, select patches near another mask. Returns a mask id.",
        arguments.CombineMasks,
        combine_masks,
    ),
    ToolSpec(
        "export_result",
        "Write masks (geotiff, geojson, json) or answers (html, json) as files into the workspace's export folder.",
        arguments.ExportResult,
        export_result,
        writes=True,
    ),
    ToolSpec(
        "answer_question",
        "Answer a whole question about an area in one go: finds scenes, maps, measures, checks. Returns text, numbers "
        "with bounds, warnings and mask ids; or one question back, or why it cannot be answered.",
        arguments.AnswerQuestion,
        answer_question,
    ),
    ToolSpec(
        "run_plan",
        "Carry out a plan written as JSON: windows of time, steps over scenes, masks and measurements, and which steps "
        "answer. Returns the same as answer_question.",
        arguments.RunPlan,
        run_plan,
    ),
)
"""All tools, in the order in which they are used."""

_BY_NAME = {spec.name: spec for spec in TOOLS}


class Toolbox:
    """One set of tools over one workspace. Safe to call from several threads."""

    def __init__(
        self,
        *,
        workspace: str | Path | Workspace | None = None,
        reasoner: Reasoner | None = None,
        catalog: str | Path | Catalog | None = None,
        budget: ToolBudget | None = None,
        allow_low_confidence: bool = False,
    ) -> None:
        """Lay out the tools.

        Args:
            workspace: Folder for scenes, pixels, masks and exports; the user's cache when left out.
            reasoner: What turns pixels into masks; the package's own when left out.
            catalog: Where find_imagery looks, no model chooses it; the bundled catalogue when left out.
            budget: What all calls together may spend; 2 GB of pixels when left out.
            allow_low_confidence: Give masks also of concepts that the network was not tested on.
        """
        home = workspace if isinstance(workspace, Workspace) else Workspace(workspace)
        self.meter = ToolMeter(budget if budget is not None else ToolBudget())
        self.shop = Workshop(
            workspace=home,
            reasoner=reasoner,
            catalog=catalog,
            meter=self.meter,
            allow_low_confidence=allow_low_confidence,
        )

    @property
    def workspace(self) -> Workspace:
        """Where values lie."""
        return self.shop.workspace

    def call(
        self,
        name: str,
        given: Mapping[str, JsonValue] | arguments.ToolArguments,
        *,
        on_event: Listener | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> ToolResult:
        """Call a tool.

        Args:
            name: Name of the tool.
            given: Its arguments, checked here.
            on_event: Called with each event.
            stopped: Whether the call is no longer wanted; asked between steps.

        Returns:
            The digest, and an artifact with ``tool`` and ``seconds`` beside what the tool gave.

        Raises:
            InputError: There is no such tool.
            ValidationError: The arguments do not fit (pydantic's).
            TerraScopeError: Whatever the tool raises.
        """
        spec = find_tool(name)
        wanted = given if isinstance(given, spec.arguments) else spec.arguments.model_validate(given)
        began = self.meter.begin()
        try:
            result = spec.function(self.shop, wanted, ToolCall(began, self.meter, on_event, stopped))
        except ValidationError as err:  # of a value inside, not of the arguments
            raise RuntimeError(f"{name} made a value that does not hold.") from err
        finally:
            seconds = self.meter.end(began)
        return ToolResult(result.digest, {"tool": name, "seconds": round(seconds, 3)} | result.artifact)

    def explain(self, err: Exception, *, tool: str) -> ToolProblem:
        """Return what a model is told of an error; see :func:`~terrascope_sdk.plan.tool_errors.explain`.

        Args:
            err: What a call raised.
            tool: Name of the tool.
        """
        return explain(err, tool=tool, folder=self.workspace.folder)


def find_tool(name: str) -> ToolSpec:
    """Return a tool by its name.

    Raises:
        InputError: There is none.
    """
    if name not in _BY_NAME:
        raise InputError("There is no such tool.", hint=f"There are {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]
