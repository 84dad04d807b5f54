"""The methods paragraph of an answer, for a paper: data, what was mapped how, how it was measured, with what."""

from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.answer_text import scene_date
from terrascope_sdk.types.concepts import vocabulary
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.mask import Mask

__all__ = ["methods_paragraph"]

_QUANTITIES = {
    "surface_reflectance": "surface reflectance",
    "toa_reflectance": "top-of-atmosphere reflectance",
    "display": "display values (stretched for viewing, no physical quantity)",
    "gamma0_rtc": "radiometrically terrain-corrected backscatter gamma nought",
    "gamma0_ellipsoid": "backscatter gamma nought on the ellipsoid",
    "sigma0_ellipsoid": "backscatter sigma nought on the ellipsoid",
}
_BOUNDS = {
    "edge_sensitivity": "Bounds state the value after moving the edges of the mask by one pixel; they are an edge "
    "sensitivity, not a confidence interval.",
    "design_based": "Bounds are 95 % confidence intervals estimated from a reference sample.",
    "trend": "Slopes are those of Theil and Sen; their bounds are 95 % confidence intervals from the scatter of the "
    "dates, without errors of the maps.",
}


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _sentence(text: str) -> str:
    bare = text.strip().rstrip(".;")
    return f"{bare[:1].upper()}{bare[1:]}." if bare else ""


def _scenes_of(quantity: str, scenes: list[dict[str, JsonValue]]) -> str:
    named = []
    for s in scenes:
        collection, platform = str(s.get("collection", "")), str(s.get("platform") or "")
        inside = ", ".join(p for p in (collection if platform else "", str(s.get("id", ""))) if p)
        named.append(f"{platform or collection} of {scene_date(s)} ({inside})")
    noun = "acquisition" if len(scenes) == 1 else "acquisitions"
    return f"{_QUANTITIES.get(quantity, quantity)} from {len(scenes)} {noun}: {'; '.join(named)}"


def _data(answer: Answer) -> list[str]:
    source = answer.provenance
    groups: dict[str, list[dict[str, JsonValue]]] = {}
    for scene in source.scenes:
        groups.setdefault(str(scene.get("quantity", "")), []).append(scene)
    sentences = []
    if groups:
        where = f"Over {source.aoi['name']}, we" if source.aoi and source.aoi.get("name") else "We"
        used = "; and ".join(_scenes_of(quantity, scenes) for quantity, scenes in groups.items())
        sentences.append(f"{where} used {used}.")
    grid = source.pixel_grid
    if grid is not None:
        size = ""
        if grid.crs is not None:
            height_m, width_m = grid.pixel_size_m
            crs = grid.crs if len(grid.crs) < 30 else grid.projection.name
            size = f" in {crs}, with pixels of {width_m:.2f} m (along rows) by {height_m:.2f} m on the ground"
        sentences.append(f"All pixels lie on one grid of {grid.height} by {grid.width} pixels{size}.")
    if source.processing:
        sentences.append(f"Notes on the data: {'; '.join(p.strip().rstrip('.') for p in source.processing)}.")
    return sentences


def _title(mask: Mask) -> str:
    return vocabulary[mask.label].title if mask.label in vocabulary else mask.label or "one class"


def _mapping(answer: Answer) -> list[str]:
    rules: dict[tuple[str, str], list[str]] = {}
    for step in (s for c in answer.chains for s in c.steps if s.mask is not None):
        mask = step.mask
        if mask is None:
            continue
        seen = " of ".join(p for p in (mask.sensor, mask.when) if p)
        what = _title(mask) + (f" ({seen})" if seen else "")
        found = rules.setdefault((step.method.strip().rstrip("."), step.reference.strip().rstrip(".")), [])
        if what not in found:
            found.append(what)
    sentences = []
    for (method, reference), things in rules.items():
        how = f" as follows: {method}" if method else ""
        cited = f" [{reference}]" if reference else ""
        verb = "was" if len(things) == 1 else "were"
        sentences.append(_sentence(f"{_listed(things)} {verb} mapped{how}{cited}"))
    if sentences and answer.provenance.reasoner:
        sentences.append(f"Masks were made by {answer.provenance.reasoner}.")
    return sentences


def _measuring(answer: Answer) -> list[str]:
    numbers = answer.measurements
    if not numbers:
        return ["Nothing was measured."]
    methods: dict[str, list[str]] = {}
    for number in numbers:
        method, name = number.method.strip().rstrip("."), number.name.replace("_", " ")
        if method and name not in methods.setdefault(method, []):
            methods[method].append(name)
    sentences = [_sentence(f"{_listed(names)}: {method}") for method, names in methods.items()]
    kinds = dict.fromkeys(n.interval for n in numbers)
    sentences += [_BOUNDS[kind] for kind in kinds if kind in _BOUNDS]
    if any(n.unit == "m2" for n in numbers) and "design_based" not in kinds:
        sentences.append(
            "Areas are mapped areas: they were not adjusted for classification bias with a reference sample."
        )
    shares = [n.observed_frac for n in numbers if n.observed_frac is not None]
    if shares:
        low, high = min(shares), max(shares)
        range_text = f"{low:.1%}" if f"{low:.1%}" == f"{high:.1%}" else f"{low:.1%} to {high:.1%}"
        sentences.append(f"Unobserved pixels counted neither way; {range_text} of the area was observed.")
    return sentences


def _software(answer: Answer) -> list[str]:
    named = [f"{name} {version}" for name, version in answer.provenance.versions.items()]
    return [f"Computed with {_listed(named)}."] if named else []


def methods_paragraph(answer: Answer) -> str:
    """Return one paragraph that says how the answer's numbers came about; without measurements it says so.

    Args:
        answer: Any answer. What its provenance does not state is left out, never guessed.
    """
    return " ".join([*_data(answer), *_mapping(answer), *_measuring(answer), *_software(answer)])
