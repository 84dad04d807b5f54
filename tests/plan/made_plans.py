"""Plans of every kind of step, for tests of what holds for all plans."""

from hypothesis import strategies as st

from terrascope_sdk.plan.language import Plan
from terrascope_sdk.types.concepts import vocabulary

EVERY_OP = """
question "What of all this?"
aoi "spain"
window before = 2019
window after = 2023, latest
window all = 2010/2015, each
f1 = find(any, before)
f2 = find(any, after)
f3 = find(optical, all)
i1 = load([f1, f2, f3])
m1 = ground(i1, water, before)
m2 = ground(i1, water, after, sensor=optical)
m3 = ground(i1, crop, before)
m4 = ground(i1, burned, after, earlier=before)
m5 = ground(i1, water, all)
u1 = union([m1, m3])
x1 = intersect([m3, m2])
x2 = subtract(x1, m1)
o1 = complement(u1)
g1 = region(o1, 2)
b1 = buffer(m1, 500)
w1 = within(b1, spain)
p1 = components(x2, 10000)
s1 = select(p1, m1)
a1 = area(s1)
a2 = area(m2)
a3 = area(m5)
h1 = share(w1, of=u1)
l1 = length(g1)
d1 = distance(m1, m3)
t1 = touches(m1, m3)
n1 = count(p1)
r1 = rank([m1, m3])
c1 = change(m1, m2, net)
k1 = compare(a1, a2)
v1 = trend([a3])
q1 = ask(i1, "Was there a flood?")
e1 = export([a1, h1], csv)
e2 = export([m4], geotiff)
answer a1 in ha
answer h1
answer v1
planner "hand" 1.0
"""

_ONE_DATE = [key for key, concept in vocabulary.items() if concept.dates == 1]
_SQUARE = {"type": "Polygon", "coordinates": [[[1.5, 2], [2.25, 2], [2.25, 3.1], [1.5, 2]]]}
_AREAS = ["spain", "1,2,3,4", {"name": 'a "b" <c>', "geometry": _SQUARE}]
_METRES = st.floats(1e-3, 1e5)


def _mask(draw, masks):
    a, b = draw(st.sampled_from(masks)), draw(st.sampled_from(masks))
    op = draw(st.sampled_from(["union", "intersect", "subtract", "complement", "region", "buffer", "within",
                               "components", "select"]))  # fmt: skip
    fields = {
        "union": lambda: {"masks": [a, b]},
        "intersect": lambda: {"masks": [a, b, a]},
        "subtract": lambda: {"a": a, "b": b},
        "region": lambda: {"mask": a, "rank": draw(st.integers(1, 9))},
        "buffer": lambda: {"mask": a, "distance_m": draw(_METRES)},
        "within": lambda: {"mask": a, "aoi": draw(st.sampled_from(_AREAS))},
        "components": lambda: {"mask": a, "min_area_m2": draw(st.floats(1e-3, 1e12))},
        "select": lambda: {"mask": a, "other": b, "distance_m": draw(st.just(0.0) | _METRES)},
    }
    return {"op": op} | fields.get(op, lambda: {"mask": a})()


def _measure(draw, masks):
    a, b = draw(st.permutations(masks))[:2]
    op = draw(st.sampled_from(["area", "share", "count", "length", "touches", "distance", "rank"]))
    fields = {
        "share": {"mask": a, "of": draw(st.sampled_from([None, b]))},
        "touches": {"a": a, "b": b},
        "distance": {"a": a, "b": b},
        "rank": {"masks": [a, b], "first": draw(st.sampled_from(["largest", "smallest"]))},
    }
    return {"op": op} | fields.get(op, {"mask": a})


@st.composite
def plans(draw):
    """Draw a sound plan over steps of any kind."""
    sentence = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
    windows = [{"name": f"w{i}", "time": str(2010 + i), "pick": draw(st.sampled_from(["clearest", "latest"]))}
               for i in range(3)]  # fmt: skip
    steps = [{"id": f"f{i}", "op": "find", "sensor": "any", "window": f"w{i}"} for i in range(3)]
    steps.append({"id": "i", "op": "load", "scenes": ["f0", "f1", "f2"]})
    concept = draw(st.sampled_from(_ONE_DATE))
    for i in range(3):
        steps.append({"id": f"m{i}", "op": "ground", "stack": "i", "concept": concept, "window": f"w{i}"})
        steps.append({"id": f"a{i}", "op": "area", "mask": f"m{i}"})
    masks = [f"m{i}" for i in range(3)]
    for i in range(draw(st.integers(0, 5))):
        steps.append({"id": f"x{i}"} | _mask(draw, masks))
        masks.append(f"x{i}")
    numbers = ["a0"]
    for i in range(draw(st.integers(1, 4))):
        steps.append({"id": f"n{i}"} | _measure(draw, masks))
        numbers.append(f"n{i}")
    steps += [
        {"id": "c", "op": "change", "before": "m0", "after": "m2", "what": draw(st.sampled_from(["gain", "net"]))},
        {"id": "k", "op": "compare", "before": "a0", "after": "a1"},
        {"id": "v", "op": "trend", "values": draw(st.permutations(["a0", "a1", "a2"]))},
        {"id": "q", "op": "ask", "stack": "i", "question": draw(sentence.filter(bool))},
        {"id": "e", "op": "export", "what": draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=3)),
         "format": draw(st.sampled_from(["csv", "json"]))},
        {"id": "g", "op": "export", "what": [masks[-1]], "format": draw(st.sampled_from(["geotiff", "geojson"]))},
    ]  # fmt: skip
    return Plan.parse({
        "question": draw(sentence),
        "aoi": draw(st.sampled_from(["spain", None, _AREAS[2]])),
        "windows": windows,
        "steps": draw(st.permutations(steps)),
        "answer": [{"step": n} for n in draw(st.permutations(["k", "v", "n0", "q", "g", masks[-1]]))],
        "planner": draw(sentence),
        "confidence": draw(st.floats(0, 1)),
        "assumptions": draw(st.lists(sentence, max_size=2)),
    })  # fmt: skip
