"""The panel in a real JupyterLab: ask, approve an edited plan, stop a run, draw an area and ask about it."""

PANEL = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.ask_view import AskView
from terrascope_sdk.notebook.map_view import MapView
agent = ts.Agent(reasoner=ts.IndexReasoner(), review=True)
view = AskView(agent, aoi="spain", question="What share of the scene is water?")
display(view)
"""

DRAWN = """
stack = ts.load(ts.search("spain", sensor="optical"), aoi="spain")
world = MapView([stack.picture("optical", 0)], height_px=320, on_draw=view.use_area)
display(world)
"""


def test_a_plan_is_edited_approved_and_run(open_book, shoot):
    page = open_book(PANEL, size=(1280, 1400)).page
    page.get_by_role("button", name="Ask").click(timeout=90_000)
    page.get_by_role("button", name="Run this plan").wait_for(state="visible", timeout=60_000)
    shoot(page, "ask-plan")
    plan = page.locator("textarea").last
    plan.fill(plan.input_value().replace("water", "vegetation"))
    plan.blur()
    page.get_by_role("button", name="Run this plan").click()
    page.wait_for_selector(".tsv-badge.tsv-answered", timeout=60_000)
    shoot(page, "ask-answer")
    assert "egetation" in page.locator(".tsv-lead").inner_text()
    assert page.complaints == []


def test_an_area_is_drawn_and_asked_about(open_book, shoot):
    page = open_book(PANEL, DRAWN, size=(1280, 1400)).page
    page.wait_for_selector("img.leaflet-image-layer", state="attached", timeout=90_000)
    page.locator("a.leaflet-draw-draw-rectangle").click()
    box = page.locator(".leaflet-container").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    page.mouse.move(x + 60, y + 50, steps=5)
    page.mouse.up()
    page.wait_for_function("() => [...document.querySelectorAll('input')].some(i => i.value === 'drawn on the map')")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Run this plan").click(timeout=60_000)
    page.wait_for_selector(".tsv-badge.tsv-answered", timeout=60_000)
    shoot(page, "ask-drawn")
    assert "drawn on the map" in page.locator(".tsv-head").inner_text()


SLOW = """
import time
import terrascope_sdk as ts
from terrascope_sdk.notebook.ask_view import AskView

class Slow(ts.IndexReasoner):
    def ground(self, stack, request):
        time.sleep(3)
        yield from super().ground(stack, request)

view = AskView(ts.Agent(reasoner=Slow()), aoi="spain", question="What share of the scene is water?")
display(view)
"""


def test_a_run_is_stopped(open_book, shoot):
    page = open_book(SLOW).page
    page.get_by_role("button", name="Ask").click(timeout=90_000)
    page.locator(".tsv-badge.tsv-running").wait_for(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("can be taken up again").wait_for(timeout=60_000)
    shoot(page, "ask-stopped")
    assert page.locator(".tsv-badge.tsv-answered").count() == 0
    assert page.get_by_role("button", name="Ask").is_enabled()
