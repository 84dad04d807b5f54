"""The panel: plan shown before anything is looked for, approved, changed, turned down; runs stopped; errors shown."""

import threading

import pytest

from terrascope_sdk import Agent
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.notebook.ask_view import AskView
from terrascope_sdk.types import Aoi


@pytest.fixture
def view(tmp_path):
    agent = Agent(reasoner=IndexReasoner(), workspace=tmp_path / "workspace", review=True)
    return AskView(agent, aoi="spain", question="What share of the scene is water?")


def shown(view):
    return view.plan_box.layout.display != "none"


def test_a_plan_is_shown_approved_and_answered(view):
    view.run()
    view.wait(60)
    assert shown(view)
    assert "ground(" in view.plan_text.value
    assert "aoi" not in view.plan_text.value
    assert "<svg" in view.plan_drawing.value
    assert view.chain.answer is None
    view.approve()
    view.wait(60)
    assert view.answer.status == "answered"
    assert view.chain.answer is view.answer
    assert not shown(view)
    assert view.progress.value == view.progress.max


def test_a_changed_plan_is_what_runs_and_a_wrong_one_says_why(view):
    view.run()
    view.wait(60)
    view.plan_text.value = view.plan_text.value.replace("water", "unicorns")
    view.approve()
    assert "unicorns" in view.told.value
    assert shown(view)
    view.plan_text.value = view.plan_text.value.replace("unicorns", "vegetation")
    view.approve()
    view.wait(60)
    assert "vegetation" in view.answer.measurements[0].subject


def test_a_plan_turned_down_ends_politely(view):
    view.run()
    view.wait(60)
    view.reject()
    view.wait(60)
    assert view.answer.status != "answered"
    assert not shown(view)
    assert not view.run_button.disabled


def test_a_run_is_stopped_and_its_thread_goes_on(tmp_path):
    """A reasoner that waits, so that the run is certainly under way when it is stopped."""
    waiting, go = threading.Event(), threading.Event()

    class Slow(IndexReasoner):
        def ground(self, stack, request):
            waiting.set()
            go.wait(30)
            yield from super().ground(stack, request)

    agent = Agent(reasoner=Slow(), workspace=tmp_path / "workspace")
    view = AskView(agent, aoi="spain", question="What share of the scene is water?")
    view.run()
    assert waiting.wait(30)
    view.stop()
    go.set()
    view.wait(60)
    assert "Stopped" in view.told.value
    assert view.answer is None
    assert agent.resume(view.thread_id).status == "answered"


def test_errors_and_refusals_are_shown_in_the_panel(view):
    view.area.value = "atlantis"
    view.run()
    view.wait(60)
    assert "atlantis" in view.told.value
    assert view.chain.document["status"] == "failed"
    view.area.value = "spain"
    view.question.value = "How deep is the lake?"
    view.run()
    view.wait(60)
    assert view.answer.status == "cannot_answer"


def test_a_drawn_area_feeds_the_next_question(view):
    area = Aoi.from_bbox((-0.77, 38.09, -0.75, 38.11), name="drawn on the map")
    view.use_area(area)
    view.run()
    view.wait(60)
    view.approve()
    view.wait(60)
    assert view.answer.provenance.aoi == area.to_json()
