"""A lesson in a real JupyterLab: paint, predict, reveal; the saved notebook holds nothing before it was given."""

import json

import pytest

LESSON = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.teach import teach
agent = ts.Agent(reasoner=ts.IndexReasoner())
lesson = teach("How many hectares of water?", aoi="spain", agent=agent, results={name!r})
lesson
"""
HOSTILE = """
import numpy as np, datetime as dt
from terrascope_sdk.notebook.teach import Lesson
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Answer, Mask, Measurement, ReasoningChain, Step
bad = "<img src=x onerror='window.pwned=1'><script>window.pwned=1</script>"
m = disc_mask(utm_grid(), radius_m=300)
m = Mask(m.pixels, m.valid, m.grid, bad)
steps = (Step("text", bad, method=bad, reference=bad), Step("ground", bad, m, method=bad))
chain = ReasoningChain("q", steps, reasoner=bad)
number = Measurement("area", bad, 5e5, "m2", mask_ids=(m.id,), method=bad, notes=(bad,))
answer = Answer(bad, "answered", bad, measurements=(number,), chains=(chain,), warnings=(bad,))
lesson = Lesson(answer, results=None, student=bad)
lesson
"""


SECRETS = ("631.1", "503.4", "764.2", "% of the observed", "31 %", "23 %", "area of open water is", "mask-37b0")
"""Parts of the answer, of texts that tell it, and of the mask's name."""


def show_theme(page, theme):
    page.evaluate(f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: 'JupyterLab {theme}'}})")


def saved_with_widgets(book, lab):
    """Save the notebook together with the state of its widgets, and return the file."""
    book.page.evaluate(
        "() => window.jupyterapp.commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState')"
    )
    book.save()
    book.page.wait_for_timeout(500)
    saved = (lab.folder / book.name).read_text()
    state = json.loads(saved)["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert any("task" in v["state"].get("document", {}) for v in state.values())
    return saved


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_lesson_is_worked_through(open_book, shoot, lab, theme):
    name = f"results-{theme}.jsonl"
    book = open_book(LESSON.format(name=name), size=(1280, 1100))
    page = book.page
    show_theme(page, theme)
    page.wait_for_selector(".tse-easel", timeout=90_000)
    page.wait_for_timeout(500)
    saved = saved_with_widgets(book, lab)
    for secret in SECRETS:
        assert secret not in saved
    assert "Paint open water in the optical image of 2019-09-18" in saved
    assert page.get_by_role("button", name="Submit my mask").is_disabled()

    easel = page.locator(".tse-easel")
    box = easel.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.6, steps=12)
    page.mouse.up()
    page.wait_for_selector("text=in 1 changes")
    page.get_by_role("button", name="Outline").click()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    for x, y in ((0.9, 0.6), (0.95, 0.95), (0.6, 0.9)):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=6)
    page.mouse.up()
    page.wait_for_selector("text=in 2 changes")
    shoot(page, f"teach-paint-{theme}")
    for key in "[" * 4:
        easel.press(key)
    assert page.get_by_label("Radius of the brush in pixels").input_value() == "4"
    for key in ("p", "ArrowDown", "Shift+ArrowRight", " "):
        page.keyboard.press(key)
    page.wait_for_selector("text=in 3 changes")
    page.keyboard.press("u")
    page.wait_for_selector("text=in 2 changes")
    page.get_by_label("Your name for the results").fill("Ada")
    page.get_by_label("Your name for the results").press("Tab")
    page.get_by_role("button", name="Submit my mask").click()
    page.wait_for_selector("text=IoU with the model's mask")
    page.wait_for_timeout(400)
    shoot(page, f"teach-review-{theme}")
    page.get_by_role("button", name="The model's", exact=True).click()
    saved = saved_with_widgets(book, lab)
    assert not [secret for secret in SECRETS if secret in saved]
    page.get_by_role("button", name="Next exercise").click()
    page.wait_for_selector("text=2 of 3.")
    page.get_by_role("button", name="There is none").click()
    page.get_by_role("button", name="Next exercise").click()
    field = page.locator(".tse-number")
    field.fill("lots")
    field.press("Enter")
    page.wait_for_selector("text=is no number")
    shoot(page, f"teach-number-{theme}")
    field.fill("600")
    field.press("Enter")
    page.wait_for_selector("text=4.9% too low")
    shoot(page, f"teach-number-review-{theme}")
    page.get_by_role("button", name="Show the whole answer").click()
    page.wait_for_selector(".tse-lead")
    shoot(page, f"teach-end-{theme}")
    lines = [json.loads(line) for line in (lab.folder / name).read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["mask", "mask", "number"]
    assert {line["student"] for line in lines} == {"Ada"}
    assert 0.01 < lines[0]["iou_model_frac"] < 0.5
    assert lines[2]["given"] == 6e6
    assert page.complaints == []
    show_theme(page, "Light")


def test_markup_in_labels_and_texts_is_inert(open_book, shoot):
    page = open_book(HOSTILE).page
    page.wait_for_selector(".tse-easel", timeout=90_000)
    page.get_by_role("button", name="There is none").click()
    page.get_by_role("button", name="Next exercise").click()
    page.locator(".tse-number").fill("50")
    page.locator(".tse-number").press("Enter")
    page.wait_for_selector("text=Measured")
    shoot(page, "teach-hostile")
    page.get_by_role("button", name="Show the whole answer").click()
    page.wait_for_selector(".tse-lead")
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.locator(".tse img[src='x'], .tse script").count() == 0
    assert page.complaints == []


CHANGE = """
import terrascope_sdk as ts
from terrascope_sdk.notebook.teach import teach
agent = ts.Agent(reasoner=ts.IndexReasoner())
question = "How much did water shrink between 1985 and 2020?"
lesson = teach(question, aoi="pucallpa", agent=agent, results=None)
lesson
"""


def test_a_lesson_on_two_dates_survives_a_restart_of_the_kernel_without_telling_more(open_book, shoot):
    book = open_book(CHANGE, size=(1280, 900))
    page = book.page
    for exercise in ("image of 1985", "image of 2020"):
        page.wait_for_selector(f".tse-prompt:has-text('{exercise}')", timeout=90_000)
        page.get_by_role("button", name="There is none").click()
        page.get_by_role("button", name="Next exercise").click()
    page.wait_for_selector(".tse-number")
    assert page.locator(".tse-panels figure").count() == 2
    page.wait_for_timeout(400)
    shoot(page, "teach-change")
    book.restart()
    page.wait_for_timeout(1500)
    page.locator(".tse-number").fill("-20")
    page.locator(".tse-number").press("Enter")
    page.wait_for_selector("text=The kernel does not answer")
    shoot(page, "teach-dead-kernel")
    assert "22.88" not in page.content()
