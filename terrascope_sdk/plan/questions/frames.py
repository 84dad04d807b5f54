"""From clauses to requests: what is measured on what, and when. What is not clear is asked back, never guessed."""

from dataclasses import replace

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.clauses import Clause
from terrascope_sdk.plan.questions.frame_courses import CourseFrames
from terrascope_sdk.plan.questions.requests import ChangeKind, Request
from terrascope_sdk.plan.questions.things import Patches, named_in

__all__ = ["Frames"]


class Frames(CourseFrames):
    """Reads clause after clause."""

    def read(self, clause: Clause) -> list[Request]:
        """Return what a clause asks for.

        Raises:
            NotPlanned: Something is missing or unclear.
        """
        if (found := self._goes_on(clause)) is not None:
            return found
        if not clause.periods and self.periods:
            pair = any(p.kind in {"between", "from", "since", "many"} for p in self.periods)
            if (
                pair
                and self.last
                and self.last[0].kind == "change"
                and not clause.has("change", "trend", "yearly", "turn")
            ):
                raise NotPlanned(NeedsInput("On which date?", "Two dates are named, and one number is asked for."))
            clause.periods, clause.loose = self.periods, [] if len(self.periods) > 1 else list(self.periods)
            if len(self.periods) > 1:
                clause.loose = list(self.periods)
        self.periods = clause.periods
        self._patches(clause)
        if (
            self.last
            and self.last[0].kind == "share"
            and clause.has("howmuch")
            and not clause.has("unit", "size", "share")
        ):
            clause.tags = [replace(t, kind="share") if t.kind == "howmuch" else t for t in clause.tags]
            clause.__dict__.pop("kinds", None)
        found = self._frame(clause)
        self.last = found
        self.assumptions += clause.unit_notes
        return found

    def _goes_on(self, clause: Clause) -> list[Request] | None:
        """Read *... and how many hectares is that*, and *... what percentage of the forest was that*."""
        if not self.last or self.last[0].kind != "change" or clause.periods or not clause.has("share", "unit"):
            return None
        named = {n.key for g in clause.groups for n in named_in(g.made())}
        before = {n.key for r in self.last for t in r.things for n in named_in(t)}
        if not clause.has("pronoun", "rel") or not named <= before or clause.has("size", "change"):
            return None
        relative: dict[str, ChangeKind] = {"net": "share", "gain": "gain_share", "loss": "loss_share"}
        if clause.has("share"):
            return [replace(r, what=relative.get(r.what, r.what), units=()) for r in self.last]
        return [replace(r, units=clause.units) for r in self.last]

    def _patches(self, clause: Clause) -> None:
        if self.min_area_m2 is None:
            return
        for group in clause.groups:
            group.thing = Patches(group.thing, self.min_area_m2)

    def _frame(self, clause: Clause) -> list[Request]:
        if clause.has("open"):
            word = next(t.text for t in clause.tags if t.kind == "open")
            raise NotPlanned(NeedsInput(f"'{word}' how far, and from what?", f"'{word}' is said without a distance."))
        self._refuse_single_trees(clause)
        if clause.has("trend", "yearly") and not clause.has("turn"):
            return self._trend(clause)
        if self._is_turn(clause):
            return self._turn(clause)
        if self._two_states(clause) is not None:
            return self._single(clause)
        if clause.has("pixels") and not clause.has("share"):
            raise NotPlanned(CannotPlan("Numbers of pixels are not given; ask for an area or a share."))
        burned = any(n.key == "burned" for g in clause.groups for n in named_in(g.made()))
        two = (
            len(clause.groups) == 2 and [p for p in clause.periods if p.kind != "one"] == [] and len(clause.periods) < 2
        )
        if two and not burned and clause.values("change") == ["net"]:
            return self._compare(clause)
        if (clause.has("change") or (clause.has("turn") and not burned)) and not burned:
            return self._change(clause)
        if self._more_then(clause):
            return self._changed_size(clause)
        ranked = clause.has("rank") and len(clause.groups) > 1 and not self._bound(clause)
        if (clause.has("compare") and not ranked) or self._side_by_side(clause):
            return self._compare(clause)
        return self._single(clause)
