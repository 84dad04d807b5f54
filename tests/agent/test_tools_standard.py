"""The standard suites of langchain-tests, unit and integration, for every tool."""

from functools import cache
from tempfile import mkdtemp

import pytest
from langchain_tests.integration_tests import ToolsIntegrationTests
from langchain_tests.unit_tests import ToolsUnitTests

from terrascope_sdk.agent.tools import terrascope_tools
from terrascope_sdk.engine.indices import IndexReasoner

QUESTION = "How many hectares of water are there?"


@cache
def bench():
    """Tools by name, and arguments that work, each made of what the earlier tool gave."""
    tools = {t.name: t for t in terrascope_tools(workspace=mkdtemp(), reasoner=IndexReasoner())}

    def called(name, **args):
        given[name] = args
        return tools[name].invoke({"name": name, "args": args, "id": "1", "type": "tool_call"}).artifact

    given = {}
    imagery = called("find_imagery", aoi="spain")["imagery"]
    stack = called("load_imagery", imagery=imagery, scenes=[2])["stack"]
    mask = called("ground_concept", stack=stack, concept="water")["mask"]
    called("ask_reasoner", stack=stack, question="What share of the scene is water?")
    called("measure_mask", quantity="area", mask=mask, unit="ha")
    called("combine_masks", operation="buffer", masks=[mask], distance_m=100)
    answer = called("answer_question", question=QUESTION, aoi="spain")
    called("run_plan", plan=answer["plan"])
    called("export_result", what=[mask], format="geotiff")
    return tools, given


class Unit(ToolsUnitTests):
    name = "find_imagery"

    @property
    def tool_constructor(self):
        return bench()[0][self.name]

    @property
    def tool_invoke_params_example(self):
        return bench()[1][self.name]


class Integration(ToolsIntegrationTests):
    name = "find_imagery"

    @property
    def tool_constructor(self):
        return bench()[0][self.name]

    @property
    def tool_invoke_params_example(self):
        return bench()[1][self.name]


NAMES = (
    "find_imagery", "load_imagery", "ground_concept", "ask_reasoner", "measure_mask", "combine_masks", "export_result",
    "answer_question", "run_plan",
)  # fmt: skip


def _suites():
    for name in NAMES:
        title = "".join(part.title() for part in name.split("_"))
        for suite in (Unit, Integration):
            yield f"Test{title}{suite.__name__}", type(f"Test{title}{suite.__name__}", (suite,), {"name": name})


globals().update(_suites())


@pytest.mark.parametrize("name", NAMES)
def test_every_tool_has_its_suites(name):
    assert set(bench()[0]) == set(NAMES)
    title = "".join(part.title() for part in name.split("_"))
    assert f"Test{title}Unit" in globals()
    assert f"Test{title}Integration" in globals()
