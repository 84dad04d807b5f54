"""Tools that find scenes, load pixels, and look at them."""

from __future__ import annotations

import terrascope_sdk
from terrascope_sdk import measure
from terrascope_sdk.errors import GroundingError, InputError
from terrascope_sdk.plan.tool_arguments import AskReasoner, FindImagery, GroundConcept, LoadImagery
from terrascope_sdk.plan.tool_digest import ToolResult, digest, mask_line, number_line, scene_line
from terrascope_sdk.plan.tool_workshop import ToolCall, Workshop
from terrascope_sdk.stac import estimate, load_whole, resolve_aoi, search
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types import Aoi, Event, GroundRequest, ImageStack, Mask, Scene, Step
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["ask_reasoner", "find_imagery", "ground_concept", "load_imagery", "mask_entry"]


def find_imagery(shop: Workshop, wanted: FindImagery, call: ToolCall) -> ToolResult:
    """Return which scenes show an area; the list is kept under an id, and its scenes are named by number.

    Args:
        shop: Where to work.
        wanted: Area, time, sensor, largest cloud share.
        call: The running call.

    Raises:
        NoScenesFound: Nothing fits.
        CatalogError: The catalogue cannot be reached or read.
    """
    aoi = resolve_aoi(wanted.aoi)
    found = search(
        aoi,
        time=wanted.time,
        sensor=wanted.sensor,
        max_cloud_frac=wanted.max_cloud_frac,
        catalog=shop.catalog,
        limit=wanted.limit,
    )
    call.go_on()
    name = shop.workspace.save_document("imagery", {"aoi": aoi.to_json(), "scenes": [s.to_json() for s in found]})
    lines = [scene_line(i, s) for i, s in enumerate(found, 1)]
    call.emit(Event("scenes", f"{len(found)} scenes found", {"imagery": name}))
    scenes: list[JsonValue] = [
        {"number": i, "id": shown(s.id), "collection": shown(s.collection), "sensor": s.sensor, "when": s.when,
         "cloud_frac": s.cloud_frac, "gsd_m": s.gsd_m}
        for i, s in enumerate(found, 1)
    ]  # fmt: skip
    head = f"{name}: {len(found)} scene{'s' * (len(found) != 1)} of {_named(aoi)}, oldest first. Load by number."
    credit = list(dict.fromkeys(shown(s.attribution, 200) for s in found if s.attribution))[:16]
    artifact = {"imagery": name, "aoi": aoi.to_json(), "scenes": scenes, "attributions": credit}
    return ToolResult(digest(head, lines), artifact)


def load_imagery(shop: Workshop, wanted: LoadImagery, call: ToolCall) -> ToolResult:
    """Load pixels of scenes over the area they were found for; each date has a position in its sensor's series.

    Args:
        shop: Where to work.
        wanted: List of scenes, and the numbers to load.
        call: The running call.

    Raises:
        BudgetSpent: The pixels are more than is left; nothing is fetched then.
        InputError: There is no such scene.
        RasterError: A file cannot be read.
    """
    listed = shop.document(wanted.imagery)
    numbers = list(dict.fromkeys(wanted.scenes))
    absent = [n for n in numbers if n > len(listed["scenes"])]
    if absent:
        raise InputError(f"{wanted.imagery} has {len(listed['scenes'])} scenes; there is no number {absent[0]}.")
    scenes = [Scene.from_json(listed["scenes"][n - 1]) for n in sorted(numbers)]
    aoi = Aoi.from_json(listed["aoi"])
    recipe: JsonValue = {"do": "tool load", "version": terrascope_sdk.__version__, "aoi": listed["aoi"]}
    recipe |= {"scenes": [listed["scenes"][n - 1] for n in sorted(numbers)]}
    known = shop.workspace.recall(recipe)
    cost = estimate(scenes, aoi)
    spent = 0 if known is not None else max(cost.bytes_download, cost.bytes_memory)
    shop.meter.spend(spent)
    call.emit(Event("scenes", cost.text, {"bytes": spent}))
    if known is None:
        stack = load_whole(scenes, aoi=aoi)
        call.go_on()
        known = shop.workspace.remember(recipe, shop.workspace.save(stack))
    stack = shop.workspace.load_stack(str(known))
    shop.note_area([stack.id], aoi)
    call.emit(Event("stack", repr(stack), {"stack": stack.id}))
    dates = [(sensor, i) for sensor in stack.sensors for i in range(len(stack.series(sensor)))]
    lines = [_date_line(stack, sensor, i) for sensor, i in dates]
    series: list[JsonValue] = [
        {"sensor": s, "date": i, "when": stack.series(s).when(i), "observed_frac": stack.series(s).observed_frac(i),
         "bands": list(stack.series(s).bands), "quantity": stack.series(s).quantity}
        for s, i in dates
    ]  # fmt: skip
    height, width = stack.grid.shape
    head = f"{stack.id}: {len(lines)} date{'s' * (len(lines) != 1)} of {_named(aoi)}, {height} x {width} pixels."
    return ToolResult(digest(head, lines), {"stack": stack.id, "bytes": spent, "series": series})


def _named(aoi: Aoi) -> str:
    return shown(aoi.name, 40) if aoi.name else "the area"


def _date_line(stack: ImageStack, sensor: str, position: int) -> str:
    series = stack.series(sensor)
    return f"{sensor} {position}: {series.when(position)}, {series.observed_frac(position):.0%} observed"


def ground_concept(shop: Workshop, wanted: GroundConcept, call: ToolCall) -> ToolResult:
    """Return the mask of a concept on one date, with its share as a first number.

    Args:
        shop: Where to work.
        wanted: Stack, concept, sensor, date.
        call: The running call.

    Raises:
        InputError: The stack has no such sensor or date.
        GroundingError: The pixels cannot show it, or do not decide.
    """
    stack = shop.stack(wanted.stack)
    _check_dates(stack, wanted)
    request = GroundRequest(wanted.concept, wanted.sensor, wanted.date, wanted.earlier)
    recipe: JsonValue = {
        "do": "ground", "reasoner": shop.stages.reasoner.name, "stack": stack.id,
        "request": [request.concept, request.sensor, request.when, request.before],
    }  # fmt: skip
    with shop.reasoning:  # whoever waits for the same finds it known afterwards
        known = shop.workspace.recall(recipe)
        if known is None:
            steps = _looked(shop, stack, request, call)
            known = shop.workspace.remember(recipe, [s.to_json(pixels=False) for s in steps])
    masks = shop.workspace.load_masks(s["mask"]["id"] for s in known if s["mask"] is not None)
    if not masks:
        raise GroundingError(f"{shop.stages.reasoner.name} made no mask of {wanted.concept}.")
    steps = [Step.from_json(s, masks) for s in known]
    mask = next(s.mask for s in reversed(steps) if s.mask is not None)
    aoi = shop.area_of(None, [stack.id])
    shop.note_area(masks, aoi)
    number = measure.share(mask, aoi=aoi)
    said = [shown(s.text, 200) for s in steps if s.text]
    return ToolResult(
        digest(mask_line(mask), [number_line(number), *said]),
        {
            "masks": [mask_entry(m) for m in masks.values()],
            "mask": mask.id,
            "measurements": [number.to_json()],
            "chain": known,
            "reasoner": shop.stages.reasoner.name,
            "stack": stack.id,
        },
    )


def _looked(shop: Workshop, stack: ImageStack, request: GroundRequest, call: ToolCall) -> list[Step]:
    """Let the reasoner look; masks are stored before they are named anywhere."""
    steps = []
    call.go_on()
    reason = shop.stages.reasoner.unseen(stack, request)
    if reason:
        raise GroundingError(reason)
    for step in shop.stages.reasoner.ground(stack, request):
        if step.mask is not None:
            shop.workspace.save(step.mask)
        call.emit(Event("step", step.text, {"mask": None if step.mask is None else step.mask.id}))
        steps.append(step)
    return steps


def _check_dates(stack: ImageStack, wanted: GroundConcept) -> None:
    if wanted.sensor not in stack.sensors:
        raise InputError(f"{stack.id} has no {wanted.sensor} dates.", hint=f"It has {', '.join(stack.sensors)}.")
    count = len(stack.series(wanted.sensor))
    for position in (wanted.date, wanted.earlier):
        if position is not None and position >= count:
            raise InputError(
                f"{stack.id} has {count} {wanted.sensor} dates; there is no position {position}.",
                hint=f"Positions run from 0 to {count - 1}.",
            )


def ask_reasoner(shop: Workshop, wanted: AskReasoner, call: ToolCall) -> ToolResult:
    """Return what the reasoner says to a question about loaded pixels: a claim, not a measured number.

    Args:
        shop: Where to work.
        wanted: Stack and question.
        call: The running call.

    Raises:
        GroundingError: The reasoner cannot answer.
    """
    stack = shop.stack(wanted.stack)
    recipe: JsonValue = {
        "do": "ask", "reasoner": shop.stages.reasoner.name, "stack": stack.id, "question": wanted.question,
    }  # fmt: skip
    with shop.reasoning:
        known = shop.workspace.recall(recipe)
        if known is None:
            call.go_on()
            made = shop.stages.reasoner.reason(stack, wanted.question)
            known = shop.workspace.remember(recipe, shop.workspace.save(made))
    chain = shop.workspace.load_chain(str(known))
    for step in chain.steps:
        call.emit(Event("step", step.text, {"mask": None if step.mask is None else step.mask.id}))
    shop.note_area((m.id for m in chain.masks), shop.area_of(None, [stack.id]))
    claim = chain.claim or (chain.steps[-1].text if chain.steps else "nothing")
    head = f"{chain.id}: {shown(chain.reasoner, 60)} says, not measured: {shown(claim, 300)}"
    masks: list[JsonValue] = [mask_entry(m) for m in chain.masks]
    return ToolResult(
        digest(head, [mask_line(m) for m in chain.masks]),
        {"chain_id": chain.id, "chain": chain.to_json(pixels=False), "masks": masks, "stack": stack.id},
    )


def mask_entry(mask: Mask) -> dict[str, JsonValue]:
    """Return what names a mask in an artifact: its id, label, date and sensor."""
    return {"id": mask.id, "label": mask.label, "when": mask.when, "sensor": mask.sensor}
