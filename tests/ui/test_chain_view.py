"""The chain in a real JupyterLab."""

CHAIN = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.chain_view import ChainView
view = ChainView()
view.show(ts.ask("Which is larger, water or vegetation?", aoi="spain", on_event=view.listen))
view
"""


def test_a_step_lights_up_its_mask(open_book, shoot):
    book = open_book(CHAIN, "print('selected', view.selected)")
    page = book.page
    page.wait_for_selector(".tsv-step", timeout=90_000)
    page.wait_for_timeout(800)
    shoot(page, "chain")
    step = page.locator("button.tsv-tag:not([disabled])").first
    step.click()
    page.wait_for_selector(".tsv-step.tsv-lit")
    page.locator(".tsv-frame").hover()
    page.wait_for_timeout(500)
    shoot(page, "chain-lit")
    assert page.complaints == []
