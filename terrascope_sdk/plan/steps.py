"""All kinds of step, told apart by `op`.

A new kind of step is one class with its fields, added to :data:`PlanStep` here; JSON schema, text form and the checks
of names and types follow from the fields.
"""

from typing import Annotated

from pydantic import Field

from terrascope_sdk.plan.mask_steps import (
    Buffer,
    Complement,
    Components,
    Find,
    Ground,
    Intersect,
    Load,
    Region,
    Select,
    Subtract,
    Union,
    Within,
)
from terrascope_sdk.plan.measure_steps import (
    Area,
    Change,
    Compare,
    Count,
    Distance,
    Length,
    Rank,
    Share,
    Touches,
    Trend,
)
from terrascope_sdk.plan.other_steps import Ask, Export

__all__ = ["PlanStep", "step_classes"]

AnyStep = (
    Find
    | Load
    | Ground
    | Union
    | Intersect
    | Subtract
    | Complement
    | Region
    | Buffer
    | Within
    | Components
    | Select
    | Area
    | Share
    | Distance
    | Touches
    | Count
    | Rank
    | Change
    | Length
    | Compare
    | Trend
    | Ask
    | Export
)

PlanStep = Annotated[AnyStep, Field(discriminator="op")]
"""Any step."""

step_classes = {cls.model_fields["op"].default: cls for cls in AnyStep.__args__}
"""Step classes by op."""
