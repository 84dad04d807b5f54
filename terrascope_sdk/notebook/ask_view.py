"""A panel to ask with: question, area, time; the plan to approve or change; progress; the answer."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import ipywidgets

from terrascope_sdk.agent.agent import Agent
from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.notebook.chain_view import ChainView
from terrascope_sdk.notebook.twin import Twin, WithTwin, answer_static, hiding_rule
from terrascope_sdk.plan.language import Plan
from terrascope_sdk.render.html import Html, printable, tag
from terrascope_sdk.stac import places
from terrascope_sdk.types import Answer, Aoi, Event

__all__ = ["AskView"]

_STAGES = ("plan", "review", "find", "estimate", "load", "reason", "measure", "check", "answer")


class _Stopped(Exception):
    """A person pressed the button that stops a run."""


class AskView(WithTwin, ipywidgets.VBox):
    """Ask without typing code. The plan is shown before anything is looked for, and may be changed there.

    A run can be stopped; its thread goes on with :meth:`Agent.resume`. Draw an area on a :class:`MapView` and hand it
    over with ``MapView(..., on_draw=view.use_area)``.
    """

    def __init__(self, agent: Agent | None = None, *, aoi: str | Aoi | None = None, question: str = "") -> None:
        """Make a panel.

        Args:
            agent: Who answers; one that waits for approval, over the bundled places, when left out.
            aoi: Area to begin with: the name of a bundled place, or an area.
            question: Question to begin with.
        """
        self.agent = agent or Agent(review=True)
        self.answer: Answer | None = None
        """The last answer, or None."""
        self.thread_id = ""
        """Thread of the last question; follow-ups go on in it."""
        self._drawn = aoi if isinstance(aoi, Aoi) else None
        self._worker: threading.Thread | None = None
        self._stop = threading.Event()
        self._twin = Twin()
        wide = ipywidgets.Layout(width="98%", max_width="900px")
        names = [p.name for p in places()]
        areas = [*([_DRAWN] if self._drawn else []), *names]
        self.question = ipywidgets.Text(question, placeholder="How many hectares of water are there?", layout=wide)
        self.area = ipywidgets.Combobox(
            value=_DRAWN if self._drawn else str(aoi or ""), options=areas, placeholder="place", description="Area"
        )
        self.time = ipywidgets.Text("", placeholder="2020, or 2019/2021", description="Time")
        self.follow = ipywidgets.Checkbox(False, description="go on from the last question", indent=False)
        self.run_button = self._button("Ask", self.run, "primary")
        self.stop_button = self._button("Stop", self.stop, "")
        self.plan_text = ipywidgets.Textarea("", rows=10, layout=wide, description="")
        self.plan_drawing = ipywidgets.HTML("")
        self.approve_button = self._button("Run this plan", self.approve, "primary")
        self.reject_button = self._button("No", self.reject, "")
        self.plan_box = ipywidgets.VBox(
            [self.plan_drawing, ipywidgets.HTML(tag("b", "The plan as text, to change where it is not what you mean")),
             self.plan_text,
             ipywidgets.HBox([self.approve_button, self.reject_button])],
            layout=ipywidgets.Layout(display="none"),
        )  # fmt: skip
        self.progress = ipywidgets.IntProgress(0, 0, len(_STAGES), layout=ipywidgets.Layout(width="220px"))
        self.told = ipywidgets.HTML("")
        self.chain = ChainView(workspace=self.agent.workspace)
        self.chain.layout = ipywidgets.Layout(display="none")
        hiding = ipywidgets.HTML(tag("style", Html(hiding_rule(self._twin.name))), layout={"display": "none"})
        super().__init__([
            self.question, ipywidgets.HBox([self.area, self.time, self.follow], layout=_ROW),
            ipywidgets.HBox([self.run_button, self.stop_button, self.progress, self.told], layout=_ROW),
            self.plan_box, self.chain, hiding,
        ])  # fmt: skip
        self._busy(busy=False)

    def _button(self, label: str, act: Callable[[], None], style: str) -> ipywidgets.Button:
        made = ipywidgets.Button(description=label, button_style=style)
        made.on_click(lambda _: act())
        return made

    # ------------------------------------------------------------------------------------------------------- people

    def use_area(self, area: Aoi) -> None:
        """Ask about an area from now on, for example one drawn on a map."""
        self._drawn = area
        self.area.options = [_DRAWN, *(p.name for p in places())]
        self.area.value = _DRAWN

    def run(self) -> None:
        """Ask what is in the panel; returns at once."""
        self.thread_id = self.thread_id if self.follow.value and self.thread_id else uuid.uuid4().hex
        area = self._drawn if self.area.value == _DRAWN else self.area.value.strip() or None
        self.chain.begin(self.question.value)
        self._start(
            lambda: self.agent.ask(
                self.question.value, aoi=area, time=self.time.value.strip() or None, thread_id=self.thread_id,
                on_event=self._hear,
            )
        )  # fmt: skip

    def approve(self) -> None:
        """Go on with the plan as it stands in the panel, changed or not; a plan that cannot be used says why."""
        assert self.answer is not None  # the button is only there with a plan
        plan, text = Plan.parse(dict(self.answer.plan)), self.plan_text.value
        try:
            decision: Any = True if text.strip() == _shown(plan).strip() else Plan.from_text(_whole(text, plan))
        except TerraScopeError as err:
            self._tell(str(err), problem=True)
            return
        self.plan_box.layout.display = "none"
        self._start(lambda: self.agent.resume(self.thread_id, decision, on_event=self._hear))

    def reject(self) -> None:
        """Turn the plan down."""
        self.plan_box.layout.display = "none"
        self._start(lambda: self.agent.resume(self.thread_id, False, on_event=self._hear))

    def stop(self) -> None:
        """Stop the run at its next step; what had finished is kept."""
        self._stop.set()
        self._tell("Stopping ...")

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait for the run to end, in a script or a test."""
        if self._worker is not None:
            self._worker.join(timeout_s)

    # -------------------------------------------------------------------------------------------------------- inside

    def _start(self, work: Callable[[], Answer]) -> None:
        self._stop.clear()
        self._busy(busy=True)
        self._worker = threading.Thread(target=self._work, args=(work,), daemon=True)
        self._worker.start()

    def _work(self, work: Callable[[], Answer]) -> None:
        try:
            self._took(work())
        except _Stopped:
            self._tell(f"Stopped. The thread {self.thread_id[:8]} can be taken up again with agent.resume.")
        except TerraScopeError as err:
            self._tell(str(err), problem=True)
            self.chain.fail(err)
        except Exception as err:  # noqa: BLE001  # whatever happens in the thread is shown where the person looks
            self._tell(f"{type(err).__name__}: {err}", problem=True)
            self.chain.fail(err)
        finally:
            self._busy(busy=False)

    def _took(self, answer: Answer) -> None:
        self.answer = answer
        if answer.status == "needs_input" and answer.plan and self.agent.review is True:
            plan = Plan.parse(dict(answer.plan))
            self.plan_drawing.value = plan._repr_html_()
            self.plan_text.value = _shown(plan)
            self.plan_box.layout.display = ""
            self._tell("This is what would be done. Nothing has been looked for yet.")
            return
        self.progress.value = self.progress.max
        self._tell("")
        self.chain.layout.display = ""
        self.chain.show(answer)
        self._renew_twin()

    def _hear(self, event: Event) -> None:
        if self._stop.is_set():
            raise _Stopped
        if event.kind == "stage":
            name = str(event.data.get("stage", event.text.partition(" ")[0]))
            self.progress.value = _STAGES.index(name) + 1 if name in _STAGES else self.progress.value
        elif event.kind not in ("plan", "review"):
            self.chain.layout.display = ""
            self.chain.listen(event)
        self._tell(event.text)

    def _tell(self, text: str, *, problem: bool = False) -> None:
        colour = "#d5303e" if problem else "inherit"
        self.told.value = tag("span", printable(text)[:300], attributes={"style": f"color:{colour}"})

    def _busy(self, *, busy: bool) -> None:
        self.run_button.disabled = self.approve_button.disabled = self.reject_button.disabled = busy
        self.stop_button.disabled = not busy
        if busy:
            self.progress.value = 0

    def _repr_mimebundle_(self, **given: Any) -> dict[str, Any]:  # IPython's protocol
        bundle: dict[str, Any] = super()._repr_mimebundle_(**given)
        return bundle | self._static()

    def _static(self) -> dict[str, Any]:  # MIME types to content
        return answer_static(self.answer)

    def __repr__(self) -> str:
        return f"AskView({self.question.value[:60]!r}, {self.area.value!r})"


def _shown(plan: Plan) -> str:
    """Return a plan as text without its area, which the panel shows already and whose outline is long."""
    return "\n".join(line for line in str(plan).split("\n") if not line.startswith("aoi "))


def _whole(text: str, plan: Plan) -> str:
    """Return the text of a plan with the area that it was shown without, unless another was written into it."""
    lines = text.split("\n")
    given = (
        [] if any(line.startswith("aoi ") for line in lines) else [x for x in str(plan).split("\n") if x[:4] == "aoi "]
    )
    return "\n".join([*given, *lines])


_DRAWN = "drawn on the map"
_ROW = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
