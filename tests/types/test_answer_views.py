import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.types import Mask, Measurement, PixelGrid, Provenance, ReasoningChain, Step
from terrascope_sdk.types.answer_text import WIDTH
from terrascope_sdk.types.measurement_html import footnotes, split_bounds
from terrascope_sdk.types.provenance_html import plan_lines
from tests.export.answers import EVIL, GRID, answered, cannot_answer, every_status, lake, needs_input, number

STATUSES = ["answered", "needs_input", "cannot_answer", "failed"]
VOID = {"img", "br", "meta", "path"}


class Reader(HTMLParser):
    """Reads a page the way a browser does: open elements, text outside styles, image descriptions."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text, self.alts = [], [], "", []
        self.attributes, self.sources = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {k for k, _ in attrs}
        self.sources += [v for k, v in attrs if k in {"src", "href"}]
        self.alts += [v for k, v in attrs if k in {"alt", "aria-label"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and "pre" not in self.open:
            self.text += data + "\n"


def read(markup):
    reader = Reader()
    reader.feed(markup)
    reader.close()
    assert reader.open == []
    return reader


# ----------------------------------------------------------------------------------------------------------- HTML


def test_the_page_tells_everything():
    answer = answered()
    seen = read(answer._repr_html_()).text
    for told in (
        answer.question, answer.text, "answered", "Check failed: two ways agree.", "7.069 ha", "6.158 to 8.042 ha",
        "if the edge moved by one pixel", "87.5 %", "mapped, not bias-adjusted", "true ground area",
        "Look at the optical image", "NDWI > 0", "McFeeters (1996)", "3 visual tokens", "open water", "not observed",
        "two ways agree: failed", "observed enough: passed", "independent evidence", "M1", "100 m",
        "Claim of indices 0.1.0, in its own words and not measured: About 9 ha.", "test lake",
        "contains modified Copernicus Sentinel data 2020", "S2B_30SXH", "m1 = ground(concept: \"water\")",
        "How to cite", "Methods paragraph", "area of interest", "surface_reflectance",
    ):  # fmt: skip
        assert told in seen, told


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_sound_markup_without_script_or_empty_sections(status):
    answer = every_status()[status]
    seen = read(answer._repr_html_())
    assert "script" not in seen.tags
    assert {"answered": "Answer", "needs_input": "Question back", "cannot_answer": "Reason"}.get(
        status, "What went wrong"
    ) in seen.text
    for section, has in (
        ("Measurements", answer.measurements),
        ("Checks", answer.checks),
        ("Be careful", answer.warnings),
        ("Imagery", answer.pictures),
        ("Provenance", answer.provenance != Provenance()),
    ):
        assert (section in seen.text) == bool(has), section
    assert ("table" in seen.tags) == (answer.provenance != Provenance())


def test_everything_from_outside_is_escaped():
    mask = lake(EVIL)
    measured = number(mask, name=EVIL, subject=EVIL, method=EVIL, notes=(EVIL,))
    step = Step("ground", EVIL, mask, (measured,), method=EVIL, reference=EVIL)
    plain = answered()
    scene = dict.fromkeys(plain.provenance.scenes[0], EVIL) | {"links": {EVIL: EVIL}, "notes": [EVIL]}
    source = replace(
        plain.provenance, aoi={"name": EVIL}, scenes=(scene,), processing=(EVIL,), reasoner=EVIL, ids={EVIL: EVIL},
        versions={EVIL: EVIL}, quantities={EVIL: EVIL},
    )  # fmt: skip
    answer = replace(
        plain,
        question=EVIL,
        text=EVIL + ".",
        measurements=(measured,),
        warnings=(EVIL,),
        checks=tuple(replace(c, name=EVIL, detail=EVIL) for c in plain.checks),
        chains=(ReasoningChain(EVIL, (step,), EVIL, EVIL),),
        plan={"steps": [{"id": EVIL, "op": EVIL, EVIL: EVIL}]},
        provenance=source,
        pictures=tuple(replace(p, title=EVIL, attribution=EVIL, stretch=EVIL) for p in plain.pictures),
    )
    for markup in (answer._repr_html_(), answer.chains[0]._repr_html_(), mask._repr_html_(), measured._repr_html_()):
        seen = read(markup)
        assert "script" not in seen.tags
        assert EVIL in seen.text
        assert "onerror" not in seen.attributes
        assert all(address.startswith("data:image/png;base64,") for address in seen.sources)


def test_pictures_have_descriptions_and_are_embedded_once():
    answer = answered()
    markup = answer._repr_html_()
    seen = read(markup)
    assert markup.count("background-image:url(data:image/png") == 2
    assert "Optical, true colour, 2020-06-01" in seen.alts
    assert any(alt.startswith("open water, 2020-06-01, optical: ") for alt in seen.alts)
    assert len(markup) < 400_000


def test_a_mask_is_drawn_once_and_named_again():
    mask = lake()
    steps = (Step("ground", "First.", mask), Step("ground", "Again.", mask))
    seen = read(replace(answered(), chains=(ReasoningChain("q", steps),))._repr_html_())
    assert seen.tags.count("img") == 1
    assert "M1 is drawn above." in seen.text


def test_a_mask_on_the_picture_of_another_date_says_so():
    change = replace(lake("water loss"), date=None)
    answer = replace(answered(), chains=(ReasoningChain("q", (Step("ground", "Gone.", change),)),))
    assert "drawn on: Optical, true colour, 2020-06-01" in read(answer._repr_html_()).text


def test_a_mask_without_picture_or_place_is_still_drawn():
    bare = Mask(np.eye(3, dtype=bool), np.ones((3, 3), bool), PixelGrid(None, Affine.identity(), 3, 3), "spot")
    seen = read(replace(answered(), chains=(ReasoningChain("q", (Step("ground", "s", bare),)),))._repr_html_())
    assert "spot: 3 of 9 observed pixels" in seen.text
    assert "Imagery" in seen.text  # the pictures no mask was drawn on


def test_values_draw_themselves():
    answer = answered()
    for value in (answer.masks[0], *answer.pictures, answer.measurements[0], answer.chains[0]):
        seen = read(value._repr_html_())
        assert len(seen.text) > 30
    assert "100 m" in read(answer.masks[0]._repr_html_()).text


# ---------------------------------------------------------------------------------------------------------- table


def test_bounds_are_split_into_range_and_meaning():
    assert split_bounds(number(lake())) == ("6.158 to 8.042 ha", "if the edge moved by one pixel")
    plain = Measurement("count", "lakes", 3, "count")
    assert split_bounds(plain) == ("", "")


def test_each_note_has_one_mark():
    notes = [number(lake(), notes=("x", "y")), number(lake(), notes=("y",))]
    assert footnotes(notes) == {"x": "a", "y": "b"}
    many = footnotes([number(lake(), notes=tuple(f"note {i}" for i in range(28)))])
    assert list(many.values())[-2:] == ["27", "28"]


def test_plans_are_lines_or_json():
    steps = [{"id": "a", "op": "area", "mask": "m", "unit": None}, {"id": "b", "op": "rank", "masks": ["m", "n"]}]
    assert plan_lines({"steps": steps, "planner": "rules"}).splitlines() == [
        'a = area(mask: "m")',
        'b = rank(masks: ["m", "n"])',
        'planner: "rules"',
    ]
    assert plan_lines({"anything": 1}) == '{\n  "anything": 1\n}'


# ----------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize("status", STATUSES)
def test_the_text_fits_a_terminal_and_names_no_empty_section(status):
    answer = every_status()[status]
    lines = str(answer).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert answer.text in " ".join(lines)
    for title, has in (
        ("Measurements", answer.measurements),
        ("Checks", answer.checks),
        ("Be careful", answer.warnings),
    ):
        assert (title in lines) == bool(has)


def test_the_text_goes_step_by_step():
    text = str(answered())
    told = [
        "Question: How many hectares", "Data:     test lake; optical 2020-06-01; pixel", "Status:   answered",
        "! Check failed", "area of water, 2020-06-01, optical: 7.069 ha", "if the edge moved", "87.5% of the area",
        "on M1", "touches of water", "yes", "1. Look at", "2. Open water", "M1: water, 2020-06-01, optical;",
        "288 not observed", "method: NDWI > 0", "reference: McFeeters", "4. As stated above.", "claim, not measured",
        "[ok] observed enough", "[FAILED] two ways agree", "Credit: contains modified",
    ]  # fmt: skip
    places = [text.index(t) for t in told]
    assert places == sorted(places)


def test_the_text_cannot_command_the_terminal():
    answer = replace(needs_input(), question="a\x1b[2Jb", text="c\rd\u202e " + "x" * 300, warnings=("e\x07",))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", str(answer))
    assert max(map(len, str(answer).splitlines())) <= WIDTH


def test_the_bundle_has_both_forms():
    answer = answered()
    bundle = answer._repr_mimebundle_()
    assert bundle["text/plain"] == str(answer)
    assert bundle["text/html"].startswith("<div>")


# -------------------------------------------------------------------------------------------------------- methods


def test_the_methods_paragraph_says_what_a_paper_needs():
    told = answered().methods()
    assert "\n" not in told
    for part in (
        "Over test lake, we used surface reflectance from 1 acquisition: sentinel-2b of 2020-06-01 (sentinel-2-l2a, "
        "S2B_30SXH).",
        "one grid of 48 by 48 pixels in EPSG:32632",
        "Open water (optical of 2020-06-01) was mapped as follows: NDWI > 0 [McFeeters (1996)].",
        "Area and touches: true ground area of the observed pixels.",
        "an edge sensitivity, not a confidence interval",
        "not adjusted for classification bias",
        "87.5% of the area was observed",
        "Computed with terrascope-sdk 0.1.0 and numpy 2.0.0.",
    ):
        assert part in told, part
    assert ".." not in told
    assert "secret" not in told


def test_design_based_areas_are_not_called_unadjusted():
    adjusted = number(lake(), interval="design_based", notes=())
    told = replace(answered(), measurements=(adjusted,)).methods()
    assert "confidence intervals estimated from a reference sample" in told
    assert "not adjusted" not in told


def test_without_measurements_the_paragraph_says_so():
    assert needs_input().methods() == "Nothing was measured."
    assert cannot_answer().methods().startswith("Over test lake, we used")


def test_citing_names_data_software_and_each_method_once():
    lines = answered().cite().splitlines()
    assert lines[0] == "Data:"
    assert lines[1] == (
        "  sentinel-2-l2a S2B_30SXH (2020-06-01). contains modified Copernicus Sentinel data 2020. proprietary."
    )
    assert "  terrascope-sdk 0.1.0. Masks by indices 0.1.0." in lines
    assert lines.count("  McFeeters (1996).") == 1
    assert "arXiv:2603.19039" not in answered().cite()
    network = replace(answered(), provenance=replace(answered().provenance, reasoner="TerraScope compact 1"))
    assert "arXiv:2603.19039" in network.cite()
    assert not any(line.endswith("..") for line in lines)
    assert needs_input().cite().startswith("Software:\n  terrascope-sdk.")


def test_links_travel_without_their_signatures():
    assert "secret" not in answered()._repr_html_()
    assert GRID.crs == "EPSG:32632"
