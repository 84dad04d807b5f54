"""What a run carries from stage to stage: plain JSON values and content ids, nothing else."""

from typing import Any, TypedDict

__all__ = ["RunState"]


class RunState(TypedDict, total=False):
    """The state of one question. Pixels lie in the workspace under the ids named here."""

    question: str
    """As it was asked."""

    aoi: dict[str, Any] | None  # GeoJSON inside
    """Area of interest as JSON, or None when it is still to be found in the question."""

    time: str | None
    """Window as text, or None."""

    sensor: str | None
    """Sensor that was asked for, or None."""

    plan: dict[str, Any]  # a Plan as JSON
    """The plan as JSON."""

    planned: dict[str, Any]  # a Plan as JSON
    """The plan as it was asked for and approved, before windows of many dates are written out."""

    review: bool
    """Whether the plan waits for a person's approval."""

    max_download_bytes: int | None
    """Largest download that the caller allows, or None."""

    max_seconds: float | None
    """Longest estimated time that the caller allows, s, or None."""

    previous: dict[str, Any]  # a Plan as JSON
    """Plan of the question before in this thread; empty when there was none."""

    cost: dict[str, Any]  # a Cost as JSON
    """What the plan would cost."""

    scenes: str
    """Id of the list of chosen scenes."""

    stack: str
    """Id of the pixels."""

    chain: str
    """Id of the chain of reasoning."""

    masks: dict[str, str]
    """Mask id by the plan's step id."""

    second: dict[str, list[str]]
    """Mask ids of another sensor's or method's view, by the plan's step id, for checking."""

    pictures: list[str]
    """Ids of the pictures that were looked at."""

    measurements: dict[str, list[dict[str, Any]]]  # measurements as JSON
    """Measurements by the plan's step id."""

    chains: dict[str, str]
    """Id of the reasoner's own chain by the plan's step id."""

    files: dict[str, list[str]]
    """Paths of written files by the plan's step id."""

    computed: list[str]
    """Steps that were computed in this run; the results of all others were known."""

    checks: list[dict[str, Any]]  # checks as JSON
    """Checks as JSON."""

    warnings: list[str]
    """Warnings so far."""

    status: str
    """Set as soon as it is decided; ends the run when it is not ``answered``."""

    text: str
    """The answer in words, or the question back, or the reason."""

    answer: str
    """Id of the answer document."""
