"""The tools for other people's agents: LangChain tools over one workspace, for any ``create_agent`` or ``ToolNode``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.tools import BaseTool, ToolException
from langgraph.config import get_stream_writer
from pydantic import PrivateAttr, ValidationError

from terrascope_sdk.plan.tool_budget import ToolBudget
from terrascope_sdk.plan.tool_calls import TOOLS, Toolbox, ToolSpec
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.stac import Catalog
from terrascope_sdk.types import Event, Listener, Reasoner
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["TerraScopeTool", "terrascope_tools"]


class TerraScopeTool(BaseTool):
    """One tool: content is a digest of at most 300 tokens, the artifact plain JSON with ids of the workspace.

    An error comes back as a message of status ``error`` that begins with one of two sentences: fix your arguments and
    call again, or this failed, go on without it. Events go into the graph's custom stream while a graph runs.
    """

    _toolbox: Toolbox = PrivateAttr()
    _tool_name: str = PrivateAttr()

    @classmethod
    def of(cls, toolbox: Toolbox, spec: ToolSpec) -> TerraScopeTool:
        """Return the tool of a specification.

        Args:
            toolbox: What does the work; shared by all tools of a set.
            spec: What the tool is called and takes.
        """

        def refused(err: Any) -> str:  # LangChain passes pydantic's error, of either of its versions
            return toolbox.explain(err, tool=spec.name).text

        made = cls(
            name=spec.name,
            description=spec.description,
            args_schema=spec.arguments,
            response_format="content_and_artifact",
            handle_tool_error=True,
            handle_validation_error=refused,
        )
        made._toolbox, made._tool_name = toolbox, spec.name
        return made

    @property
    def toolbox(self) -> Toolbox:
        """What does the work."""
        return self._toolbox

    def _run(self, **given: Any) -> tuple[str, dict[str, JsonValue]]:  # the fields of the arguments' model
        try:
            result = self._toolbox.call(self._tool_name, given, on_event=_writer())
        except ValidationError:
            raise
        except Exception as err:  # the one funnel: logged in full, told in brief
            raise ToolException(self._toolbox.explain(err, tool=self._tool_name).text) from err
        return result.digest, result.artifact


def _writer() -> Listener | None:
    """Return what sends events into the running graph's custom stream, or None outside of one."""
    try:
        write = get_stream_writer()
    except (RuntimeError, KeyError):  # no graph runs here
        return None

    def send(event: Event) -> None:
        write(event.to_json())

    return send


def terrascope_tools(
    *,
    workspace: str | Path | Workspace | None = None,
    reasoner: Reasoner | None = None,
    catalog: str | Path | Catalog | None = None,
    budget: ToolBudget | None = None,
    allow_low_confidence: bool = False,
) -> list[BaseTool]:
    """Return the tools that let any LangChain agent find, load, map, measure, combine and export.

    Values travel by id: masks, pixels, chains and answers lie in the workspace, and the model sees a digest. Tools may
    be called in parallel. A model can name ids, known places and boxes only: paths, hosts and code are refused.

    Args:
        workspace: Folder for scenes, pixels, masks and exports; the user's cache when left out.
        reasoner: What turns pixels into masks; the package's own when left out.
        catalog: Where find_imagery looks; the bundled catalogue when left out. No model chooses it.
        budget: What all tools together may spend; 2 GB of pixels when left out.
        allow_low_confidence: Give masks also of concepts that the network was not tested on.

    Returns:
        find_imagery, load_imagery, ground_concept, ask_reasoner, measure_mask, combine_masks, export_result,
        answer_question and run_plan.

    Examples:
        >>> import terrascope_sdk as ts
        >>> [tool.name for tool in ts.terrascope_tools()][:3]
        ['find_imagery', 'load_imagery', 'ground_concept']
    """
    toolbox = Toolbox(
        workspace=workspace,
        reasoner=reasoner,
        catalog=catalog,
        budget=budget,
        allow_low_confidence=allow_low_confidence,
    )
    return [TerraScopeTool.of(toolbox, spec) for spec in TOOLS]
