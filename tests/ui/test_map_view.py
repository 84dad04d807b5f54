"""The map in a real JupyterLab."""

MAP = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.map_view import MapView
answer = ts.ask("How much did water shrink between 1985 and 2020?", aoi="pucallpa")
view = MapView(answer)
view
"""


def test_dates_are_swiped_and_an_area_is_drawn(open_book, shoot):
    book = open_book(MAP, "print('drawn', view.aoi, 'when', view.when)")
    page = book.page
    page.wait_for_selector("img.leaflet-image-layer", state="attached", timeout=90_000)
    page.wait_for_timeout(1500)
    shoot(page, "map-first-date")
    assert page.locator("img.leaflet-image-layer").count() == 4
    page.get_by_role("button", name="Swipe").click()
    page.wait_for_selector(".leaflet-sbs-range", state="attached")
    page.wait_for_timeout(800)
    shoot(page, "map-swipe")
    clips = page.evaluate(
        "() => [...document.querySelectorAll('.leaflet-map-pane > div')].map(e => e.style.clip).filter(c => c)"
    )
    assert len(clips) == 4
