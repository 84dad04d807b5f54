"""Gates on the weights inside the package: what must hold whatever was trained."""

import json

import numpy as np
import pytest
import torch

import terrascope_sdk as ts
from terrascope_sdk.evaluate.bench.session_kinds import MirroredSession, ZeroedSession, mirrored
from terrascope_sdk.model.chain_grammar import ChainReader
from terrascope_sdk.model.checkpoint import bundled_weights, load_compact
from terrascope_sdk.model.decode import MaskMade, run_chain
from terrascope_sdk.model.fields import encode_fields
from terrascope_sdk.model.session import CompactSession
from terrascope_sdk.model.tokens import PLACES
from terrascope_sdk.train.pixel_truth import centre_place
from terrascope_sdk.types import GroundRequest
from terrascope_sdk.worlds import WorldOptions, make_scenes
from terrascope_sdk.worlds.seen import views_of
from terrascope_sdk.worlds.spectra import CLASSES


@pytest.fixture(scope="module")
def network():
    return load_compact()


@pytest.fixture(scope="module")
def model():
    return ts.TerraScope.from_pretrained()


def test_the_weights_fit_the_package():
    folder = bundled_weights()
    assert sum(p.stat().st_size for p in folder.iterdir()) < 15e6
    card = (folder / "card.md").read_text()
    assert "Limits" in card
    assert isinstance(json.loads((folder / "words.json").read_text()), list)


def place_said(session) -> tuple[str | None, np.ndarray | None]:
    """The place that a chain names after its first mask, and the mask; None where the chain breaks off."""
    reader, mask = ChainReader(1), None
    for event in run_chain(session, session, reader, measure=lambda *_: ("1", "%")):
        if isinstance(event, MaskMade):
            mask = event.drawn.pixels
        if reader.words[-1] in PLACES or "absent" in reader.words[-1:]:
            return reader.words[-1], mask
    return None, mask


@pytest.fixture(scope="module")
def placed(network):
    """For 40 masks away from the centre: the true place, the mirrored one, and what is said with each evidence."""
    scenes = make_scenes(3_999_000_000, 60, WorldOptions(ten_bands=True, composed_frac=1.0, cloudy_frac=0.0))
    found = []
    for i in range(len(scenes)):
        labels = scenes.labels[i, 0]
        counts = [(int((labels == c).sum()), c) for c in (0, 1, 8, 5)]
        size, code = max((n, c) for n, c in counts if n < 5000)
        if size < 150 or len(found) == 40:
            continue
        fields = encode_fields(network.encoder, network.grounder, views_of(scenes.select(slice(i, i + 1)), 0))
        words = ["where", "is", "most", "of", "the", f"{{{CLASSES[code]}}}", "?"]
        observed = [np.ones((128, 128), bool)]
        said = {}
        for kind in (CompactSession, MirroredSession, ZeroedSession):
            try:
                said[kind], mask = place_said(kind(network, fields, observed, question=words))
            except ts.errors.ParseError:
                said[kind], mask = None, None
        if mask is None:
            _, mask = place_said(CompactSession(network, fields, observed, question=words))
        true, other = centre_place(mask), centre_place(mirrored(mask))
        if true not in {None, "centre"}:
            found.append((true, other, said[CompactSession], said[MirroredSession], said[ZeroedSession]))
    assert len(found) >= 25
    return found


def test_the_chain_reads_where_its_mask_lies(placed):
    right = np.mean([own == true for true, _, own, _, _ in placed])
    without = np.mean([zeroed == true for true, _, _, _, zeroed in placed])
    assert right >= 0.75
    assert right - without >= 0.4


def test_with_the_mirrored_region_the_chain_names_the_mirrored_place(placed):
    assert np.mean([said == other for _, other, _, said, _ in placed]) >= 0.75
    assert np.mean([said == true for true, _, _, said, _ in placed]) <= 0.25


def test_a_lake_of_known_size_is_measured_on_its_mask(model):
    stack = ts.testing.lake_stack((300.0,))
    chain = model.reason(stack, "What share of the scene is water?")
    mask = next(s.mask for s in chain if s.mask is not None)
    measured = next(s.measurements[0] for s in chain if s.kind == "measure")
    assert measured.value == pytest.approx(np.pi * 300**2 / 1280**2, rel=0.05)
    assert measured.value == ts.measure.share(mask).value
    assert measured.mask_ids == (mask.id,)
    assert chain.claim == measured.text
    assert all(0 <= p < 64 for s in chain for p in s.injected)


def test_saved_and_loaded_weights_give_the_same_chain(model, tmp_path):
    model.save_pretrained(tmp_path)
    again = ts.TerraScope.from_pretrained(tmp_path)
    stack = ts.testing.lake_stack((300.0, 250.0))
    first, second = (m.reason(stack, "Does the water touch the grass?") for m in (model, again))
    assert first.to_json() == second.to_json() | {"reasoner": first.reasoner}


@pytest.mark.parametrize("question", ["How many zorbs are there?", "What share of it is blorkish?", "asdf"])
def test_unknown_words_are_said_to_be_unknown(model, question):
    chain = model.reason(ts.testing.lake_stack((300.0,)), question)
    assert chain.claim.startswith("Question not understood")
    assert not any(s.measurements for s in chain)


def test_what_radar_alone_cannot_tell_is_refused_with_the_reason(model):
    stack = ts.testing.lake_stack((300.0,), sensors=("sar",))
    assert "SAR alone cannot tell grassland" in model.unseen(stack, GroundRequest("grass", "sar"))
    with pytest.raises(ts.errors.NotVisible, match="SAR alone"):
        model.reason(stack, "What share of the scene is grass?")


def test_buildings_are_refused_at_ten_metres(model):
    stack = ts.testing.lake_stack((300.0,))
    with pytest.raises(ts.errors.NotVisible, match="below 2 m only"):
        model.reason(stack, "How many buildings are there?")


def test_one_concept_is_grounded_through_the_same_interface_as_the_indices(model):
    stack = ts.testing.lake_stack((300.0, 200.0))
    steps = list(model.ground(stack, GroundRequest("water", "optical", 1)))
    assert steps[-1].mask.pixels.mean() == pytest.approx(np.pi * 200**2 / 1280**2, rel=0.1)
    assert steps[-1].mask.when == "2021-06-01"
    assert steps[-1].mask.sensor == "optical+sar"


def test_odd_stacks_are_answered_or_refused_by_type(model):
    clouded = ts.testing.lake_stack((300.0,), sensors=("optical",), clouded_frac=1.0)
    chain = model.reason(clouded, "What share of the scene is water?")
    assert "not defined" in chain.claim
    pixel = ts.testing.lake_stack((300.0,), grid=ts.testing.utm_grid(size_px=1))
    assert model.reason(pixel, "Is there any water?").claim
    many = ts.testing.lake_stack(tuple(np.linspace(100, 300, 9)))
    with pytest.raises(ts.errors.InputError, match="at most 8"):
        model.reason(many, "What share of the scene is water?")


def test_band_subsets_of_one_scene_give_consistent_masks(network):
    scenes = make_scenes(3_999_100_000, 12, WorldOptions(ten_bands=True, cloudy_frac=0.0))
    whole = views_of(scenes, 0)
    water, sure = [], []
    for keep in (range(10), (0, 1, 2, 6, 8, 9), (0, 1, 2, 6), (0, 1, 2)):
        present = torch.zeros_like(whole.present)
        present[:, list(keep)] = whole.present[:, list(keep)]
        views = type(whole)(**(vars(whole) | {"present": present}))
        made = encode_fields(network.encoder, network.grounder, views)
        water.append(torch.stack([f.margins[0] > 0 for f in made]))
        sure.append(float(torch.stack([torch.sigmoid(f.margins[:9].amax(0)) for f in made]).mean()))
    assert sure == sorted(sure, reverse=True)  # the fewer bands, the less sure
    assert sure[0] - sure[-1] > 0.03
    for other in water[1:3]:
        assert float((water[0] & other).sum() / (water[0] | other).sum()) > 0.7
