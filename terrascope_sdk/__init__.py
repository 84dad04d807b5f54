"""TerraScope SDK: ask Earth-observation imagery a question, get an answer measured on masks.

Importing this package costs nothing: every name below is loaded when it is first used.

>>> import terrascope_sdk as ts
>>> ts.__version__
'0.1.0'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOME = {
    "Agent": "agent.agent",
    "Answer": "types",
    "Aoi": "types",
    "Check": "types",
    "ImageSeries": "types",
    "ImageStack": "types",
    "IndexReasoner": "engine.indices",
    "Mask": "types",
    "Measurement": "types",
    "PixelGrid": "types",
    "Plan": "plan.language",
    "ReasoningChain": "types",
    "RemoteReasoner": "serve.client",
    "Scene": "types",
    "Step": "types",
    "TerraScope": "engine.terrascope",
    "TimeRange": "types",
    "WeighedReasoner": "engine.weighed",
    "ask": "_ask",
    "doctor": "_doctor",
    "load": "stac",
    "places": "stac",
    "record": "stac",
    "replay": "stac",
    "search": "stac",
    "teach": "notebook.teach",
    "terrascope_tools": "agent.tools",
}
"""Public name -> the module it lives in."""

_MODULES = ("errors", "export", "measure", "plot", "stac", "testing")

__all__ = [
    "Agent",
    "Answer",
    "Aoi",
    "Check",
    "ImageSeries",
    "ImageStack",
    "IndexReasoner",
    "Mask",
    "Measurement",
    "PixelGrid",
    "Plan",
    "ReasoningChain",
    "RemoteReasoner",
    "Scene",
    "Step",
    "TerraScope",
    "TimeRange",
    "WeighedReasoner",
    "__version__",
    "ask",
    "doctor",
    "errors",
    "export",
    "load",
    "measure",
    "places",
    "plot",
    "record",
    "replay",
    "search",
    "stac",
    "teach",
    "terrascope_tools",
    "testing",
]

if TYPE_CHECKING:
    from terrascope_sdk import errors, export, measure, plot, stac, testing
    from terrascope_sdk._ask import ask
    from terrascope_sdk._doctor import doctor
    from terrascope_sdk.agent.agent import Agent
    from terrascope_sdk.agent.tools import terrascope_tools
    from terrascope_sdk.engine.indices import IndexReasoner
    from terrascope_sdk.engine.terrascope import TerraScope
    from terrascope_sdk.engine.weighed import WeighedReasoner
    from terrascope_sdk.notebook.teach import teach
    from terrascope_sdk.plan.language import Plan
    from terrascope_sdk.serve.client import RemoteReasoner
    from terrascope_sdk.stac import load, places, record, replay, search
    from terrascope_sdk.types import (
        Answer,
        Aoi,
        Check,
        ImageSeries,
        ImageStack,
        Mask,
        Measurement,
        PixelGrid,
        ReasoningChain,
        Scene,
        Step,
        TimeRange,
    )


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(importlib.import_module(f"terrascope_sdk.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = importlib.import_module(f"terrascope_sdk.{name}")
    else:
        import difflib

        close = difflib.get_close_matches(name, __all__, n=1)
        also = f" Did you mean {close[0]!r}?" if close else ""
        raise AttributeError(f"module 'terrascope_sdk' has no attribute {name!r}.{also}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
