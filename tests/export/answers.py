"""Answers of every status, made by formula on a lake of known size."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import Answer, Aoi, Check, Mask, Measurement, Provenance, ReasoningChain, Step
from terrascope_sdk.types.provenance import scene_record
from terrascope_sdk.types.scene import Scene

GRID = utm_grid(size_px=48)
SEEN = datetime(2020, 6, 1, 10, 30, tzinfo=UTC)
MADE = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
EVIL = """"><script>alert('x')</script><img src=https://evil.example/x onerror=alert(1)> & 'quoted'"""
AOI = Aoi.from_bbox(utm_grid(size_px=20).bounds_lonlat, name="test lake")


def lake(label: str = "water", *, radius_m: float = 150.0, clouded_rows: int = 6) -> Mask:
    valid = np.ones(GRID.shape, bool)
    valid[:clouded_rows] = False
    return replace(disc_mask(GRID, radius_m=radius_m, label=label), valid=valid, date=SEEN, sensor="optical", score=0.9)


def number(mask: Mask, **fields: object) -> Measurement:
    given = {
        "name": "area",
        "subject": f"{mask.label}, 2020-06-01, optical",
        "value": 70_685.8,
        "unit": "m2",
        "low": 61_575.2,
        "high": 80_424.8,
        "interval": "edge_sensitivity",
        "method": "true ground area of the observed pixels",
        "mask_ids": (mask.id,),
        "observed_frac": 0.875,
        "notes": ("mapped, not bias-adjusted",),
    }
    return Measurement(**(given | fields))


def provenance() -> Provenance:
    scene = Scene(
        "S2B_30SXH", "sentinel-2-l2a", "optical", SEEN, "surface_reflectance", AOI.bbox, 10.0,
        platform="sentinel-2b", attribution="contains modified Copernicus Sentinel data 2020", license="proprietary",
        item={"assets": {"B03": {"href": "https://example.org/B03.tif?sig=secret"}}},
    )  # fmt: skip
    return Provenance(
        aoi=AOI.to_json(), scenes=(scene_record(scene),), grid=GRID.to_json(),
        quantities={"optical": "surface_reflectance"}, processing=("values: code x 0.0001 - 0.1",),
        reasoner="indices 0.1.0", ids={"plan": "plan-0123456789abcdef"},
        versions={"terrascope-sdk": "0.1.0", "numpy": "2.0.0"},
    )  # fmt: skip


def answered(mask: Mask | None = None, *, text: str = "The mapped area of open water is 7.069 ha.") -> Answer:
    water = lake() if mask is None else mask
    area = number(water)
    touches = number(
        water, name="touches", value=True, unit="1", low=None, high=None, interval="none", observed_frac=None, notes=()
    )
    steps = (
        Step("text", "Look at the optical image of 2020-06-01."),
        Step("ground", "Open water is where NDWI > 0.", water, method="NDWI > 0", reference="McFeeters (1996)",
             injected=(3, 4, 5)),
        Step("measure", f"{area}.", measurements=(area,)),
        Step("answer", text),
    )  # fmt: skip
    stack = lake_stack((150.0,), grid=GRID, start=SEEN, clouded_frac=0.125)
    return Answer(
        question="How many hectares are under water?",
        status="answered",
        text=text,
        measurements=(area, touches),
        checks=(
            Check("observed enough", passed=True, detail="87.5 % observed"),
            Check("two ways agree", passed=False, detail="26 % and 22 %", independent=True),
        ),
        warnings=("Check failed: two ways agree.",),
        chains=(ReasoningChain("q", steps, claim="About 9 ha.", reasoner="indices 0.1.0", stack_id="stack-0"),),
        plan={"question": "q", "steps": [{"id": "m1", "op": "ground", "concept": "water"}], "planner": "rules"},
        provenance=provenance(),
        created=MADE,
        pictures=(stack.picture("optical"), stack.picture("sar")),
    )


def needs_input() -> Answer:
    return Answer("How much did it shrink?", "needs_input", "Which place do you mean?", created=MADE)


def cannot_answer() -> Answer:
    reason = "Single buildings cannot be seen at 10 m."
    return Answer("How many buildings?", "cannot_answer", reason, provenance=provenance(), created=MADE)


def failed() -> Answer:
    return Answer("Area?", "failed", "The red band is truncated.", warnings=("Nothing was measured.",), created=MADE)


def every_status() -> dict[str, Answer]:
    made = (answered(), needs_input(), cannot_answer(), failed())
    return {answer.status: answer for answer in made}
