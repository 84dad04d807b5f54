"""A correction painted with the mouse, and with the keyboard, in a real JupyterLab."""

CORRECT = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.correct_view import CorrectView
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.plan.stages import Stages
stages = Stages(reasoner=IndexReasoner())
agent = ts.Agent(reasoner=IndexReasoner())
view = CorrectView(agent.ask("How many hectares of water are there in 2020?", aoi="pucallpa"), stages=stages)
view
"""


def test_a_painted_correction_changes_the_number(open_book, shoot):
    page = open_book(CORRECT).page
    page.wait_for_selector(".tsc-now", timeout=90_000)
    before = page.locator(".tsc-now").first.inner_text()
    box = page.locator(".tsc-frame").bounding_box()
    x, y = box["x"] + 0.2 * box["width"], box["y"] + 0.7 * box["height"]
    page.get_by_label("Radius of the brush in pixels").fill("12")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y, steps=6)
    page.mouse.move(x + 150, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_selector("tr.tsc-new")
    after = page.locator(".tsc-now").first.inner_text()
    assert before != after
    shoot(page, "correct-painted")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("t => document.querySelector('.tsc-now').innerText === t", arg=before)
    page.locator(".tsc-frame").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press(" ")
    page.wait_for_function("t => document.querySelector('.tsc-now').innerText !== t", arg=before)
    assert page.complaints == []
