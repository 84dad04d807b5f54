"""A corrected mask changes its numbers and those that hang on it, and nothing else; the old answer stays."""

from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.correcting import corrected_answer
from terrascope_sdk.plan.execute import execute
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.plan.workspace import Workspace

TEXT = """
question "q"
aoi "pucallpa"
window one = 1985
window two = 2020
f1 = find(optical, one)
f2 = find(optical, two)
i1 = load([f1, f2])
m1 = ground(i1, water, one)
m2 = ground(i1, water, two)
b2 = buffer(m2, 200)
a1 = area(m1)
a2 = area(m2)
a3 = area(b2)
c1 = change(m1, m2, net)
answer c1
answer a1
answer a2
answer a3
planner "hand" 1.0
"""


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    return Stages(workspace=Workspace(tmp_path_factory.mktemp("workspace")), reasoner=IndexReasoner())


@pytest.fixture(scope="module")
def answer(stages):
    return execute(Plan.from_text(TEXT), stages=stages)


def mask_of(answer, year):
    return next(m for m in answer.masks if m.label == "water" and m.when.startswith(year))


def numbers(answer, name):
    return [m.value for m in answer.measurements if m.name == name]


def test_numbers_follow_the_corrected_mask_and_others_stay(answer, stages):
    old = mask_of(answer, "2020")
    painted = old.pixels.copy()
    painted[:40, :40] = old.valid[:40, :40]
    new = corrected_answer(answer, {old.id: replace(old, pixels=painted)}, stages=stages)
    added = float((np.broadcast_to(old.grid.pixel_area_m2, old.grid.shape)[painted & ~old.pixels]).sum())
    assert added > 0
    before, after = numbers(answer, "area"), numbers(new, "area")
    assert after[0] == before[0]
    assert after[1] - before[1] == pytest.approx(added)
    assert after[2] - before[2] > added
    assert numbers(new, "net")[0] - numbers(answer, "net")[0] == pytest.approx(added)
    assert any(w.startswith("Corrected by a person: water") for w in new.warnings)
    assert old.id in str(new.provenance.ids)
    assert not any("Corrected" in w for w in answer.warnings)


def test_a_correction_that_changes_nothing_changes_no_number(answer, stages):
    old = mask_of(answer, "1985")
    new = corrected_answer(answer, {old.id: old}, stages=stages)
    assert [m.value for m in new.measurements] == [m.value for m in answer.measurements]


def test_what_cannot_be_corrected_is_refused(answer, stages):
    old = mask_of(answer, "1985")
    grown = next(m for m in answer.masks if "within 200 m" in m.label)
    with pytest.raises(InputError, match="no mask that was drawn"):
        corrected_answer(answer, {grown.id: old}, stages=stages)
    smaller = replace(old, pixels=old.pixels[:9, :9], valid=old.valid[:9, :9],
                      grid=old.grid.crop(row=0, column=0, height=9, width=9))  # fmt: skip
    with pytest.raises(InputError, match="another grid"):
        corrected_answer(answer, {old.id: smaller}, stages=stages)
    with pytest.raises(InputError, match="no mask to correct"):
        corrected_answer(replace(answer, status="cannot_answer"), {old.id: old}, stages=stages)
