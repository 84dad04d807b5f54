"""Two views on one page, strings that try to be markup, an error inside a run, and a chain as it streams in."""

LINKED = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.chain_view import ChainView
from terrascope_sdk.notebook.linked import link_views
from terrascope_sdk.notebook.map_view import MapView
answer = ts.ask("How much did water shrink between 1985 and 2020?", aoi="pucallpa")
chain, world = ChainView(answer), MapView(answer, height_px=320)
link_views(chain, world)
display(world)
display(chain)
"""

HOSTILE = """
import numpy as np
from dataclasses import replace
from terrascope_sdk.notebook.chain_view import ChainView
from terrascope_sdk.notebook.map_view import MapView
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Answer, Check, Measurement, ReasoningChain, Step
BAD = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script></style><b>bold</b>'
mask = replace(disc_mask(utm_grid(), radius_m=300.0), label=BAD)
number = Measurement(name="area", subject=BAD, value=1.0, unit="m2", method=BAD, notes=(BAD,), mask_ids=(mask.id,))
chain = ReasoningChain(BAD, (Step("ground", BAD, mask, method=BAD, reference=BAD, measurements=(number,)),), claim=BAD,
                       reasoner=BAD)
answer = Answer(question=BAD, status="answered", text=BAD, measurements=(number,), warnings=(BAD,), chains=(chain,),
                checks=(Check(name=BAD, passed=False, detail=BAD),))
view = ChainView(answer)
display(view)
display(MapView(answer, height_px=300))
"""

STREAMED = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.chain_view import ChainView
view = ChainView()
display(view)
"""

ASKED = """
import time
from terrascope_sdk.types import Event
def slowly(event):
    view.listen(event)
    time.sleep(0.3)
from terrascope_sdk.engine.indices import IndexReasoner
agent = ts.Agent(reasoner=IndexReasoner())
answer = agent.ask("What share of the scene is water?", aoi="spain", on_event=slowly)
view.show(answer)
"""

FAILED = """
from terrascope_sdk.notebook.chain_view import ChainView
view = ChainView()
display(view)
try:
    raise ValueError("the <b>disc</b> is full")
except ValueError as error:
    view.fail(error)
"""


def test_what_is_clicked_in_the_chain_lights_up_on_the_map(open_book, shoot):
    page = open_book(LINKED, size=(1280, 1500)).page
    page.wait_for_selector(".tsv-step", timeout=90_000)
    page.wait_for_selector("img.leaflet-image-layer", state="attached", timeout=30_000)
    page.locator("table.tsv-numbers button.tsv-value").first.click()
    page.wait_for_selector(".tsv-step.tsv-lit")
    faint = (
        "() => [...document.querySelectorAll('img.leaflet-image-layer')].some(i => Number(i.style.opacity) === 0.25)"
    )
    page.wait_for_function(faint)
    shoot(page, "linked")
    assert page.complaints == []


def test_strings_from_outside_are_shown_and_never_run(open_book, shoot):
    page = open_book(HOSTILE, size=(1280, 1500)).page
    page.wait_for_selector(".tsv-step", timeout=90_000)
    page.wait_for_selector("img.leaflet-image-layer", state="attached", timeout=30_000)
    page.locator("button.tsv-tag").first.click()
    page.wait_for_timeout(800)
    shoot(page, "hostile")
    assert page.evaluate("() => window.pwned") is None
    assert page.locator(".tsv b:text-is('bold'), .tsv script, .tsv img[src=x]").count() == 0
    assert page.locator(".jp-OutputArea script, .jp-OutputArea img[src=x]").count() == 0
    assert "<script>" in page.locator(".tsv-question").inner_text()


def test_a_chain_streams_in_step_by_step(open_book, shoot):
    book = open_book(
        STREAMED, ASKED, run=False
    )  # a kernel that is busy from the start shows no widget until it is done
    page = book.page
    book.run_next()
    page.wait_for_selector(".tsv-question", timeout=60_000)
    book.run_next()
    page.wait_for_selector(".tsv-badge.tsv-running", timeout=90_000)
    page.wait_for_selector(".tsv-step", timeout=60_000)
    seen = page.locator(".tsv-step").count()
    shoot(page, "streaming")
    page.wait_for_selector(".tsv-badge.tsv-answered", timeout=60_000)
    assert 0 < seen < page.locator(".tsv-step").count()
    assert page.complaints == []


def test_an_error_is_shown_where_the_chain_would_be(open_book, shoot):
    page = open_book(FAILED).page
    page.wait_for_selector(".tsv-badge.tsv-failed", timeout=60_000)
    shoot(page, "failed")
    assert "the <b>disc</b> is full" in page.locator(".tsv-lead").inner_text()
