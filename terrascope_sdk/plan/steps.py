"""All kinds of step, told apart by `op`.

A new kind of step is one class with its fields, added to :data:`PlanStep` here; JSON schema, text form and the checks
of names and types follow from the fields.
"""

from typing import Annotated

from pydantic import Field

from terrascope_sdk.plan.mask_steps import Complement, Find, Ground, Intersect, Load, Region, Subtract, Union
from terrascope_sdk.plan.measure_steps import Area, Change, Count, Distance, Rank, Share, Touches

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
    | Area
    | Share
    | Distance
    | Touches
    | Count
    | Rank
    | Change
)

PlanStep = Annotated[AnyStep, Field(discriminator="op")]
"""Any step."""

step_classes = {cls.model_fields["op"].default: cls for cls in AnyStep.__args__}
"""Step classes by op."""
