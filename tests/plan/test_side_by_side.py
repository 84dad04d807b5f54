"""Steps side by side give what steps one after the other give, within the budget of memory."""

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.mask_steps import Complement, Union
from terrascope_sdk.plan.side_by_side import Job, run_steps


class Watched:
    """Counts what runs at the same time."""

    def __init__(self, sizes, keys=None):
        self.sizes, self.keys = sizes, keys or {name: name for name in sizes}
        self.lock, self.now, self.seen = threading.Lock(), [], []

    def job(self, step, results):
        def run():
            with self.lock:
                self.now.append(step.id)
                self.seen.append(tuple(self.now))
            time.sleep(0.001)
            taken = tuple(results[name] for name, _ in step.references if name in results)
            with self.lock:
                self.now.remove(step.id)
            return (step.id, taken)

        return Job(self.keys[step.id], self.sizes[step.id], run)


@st.composite
def graphs(draw):
    """Draw steps, each of which takes up to two earlier ones or masks from outside."""
    steps = []
    for i in range(draw(st.integers(1, 8))):
        names = draw(st.lists(st.sampled_from(["out", *(s.id for s in steps)]), min_size=2, max_size=2))
        steps.append(Union(id=f"u{i}", masks=tuple(names)))
    return steps


@given(graphs(), st.integers(1, 4), st.data())
@settings(max_examples=40, deadline=None)
def test_the_result_is_that_of_one_after_the_other(steps, workers, data):
    sizes = {s.id: data.draw(st.integers(1, 10)) for s in steps}
    keys = {s.id: data.draw(st.sampled_from("abc")) for s in steps}
    watched = Watched(sizes, keys)
    found = run_steps(steps, watched.job, workers=workers, memory_bytes=12)
    assert list(found) == [s.id for s in steps]
    assert found == run_steps(steps, Watched(sizes).job, workers=1)
    for together in watched.seen:
        assert len(together) <= workers
        assert len(together) == 1 or sum(sizes[name] for name in together) <= 12
        assert len({keys[name] for name in together}) == len(together)


def test_independent_steps_run_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    steps = [Complement(id=name, mask="out") for name in "ab"]
    found = run_steps(steps, lambda step, _: Job(step.id, 1, both.wait), workers=2)
    assert sorted(found.values()) == [0, 1]


def test_a_step_larger_than_the_budget_runs_alone():
    watched = Watched({"a": 1, "b": 100, "c": 1})
    steps = [Complement(id=name, mask="out") for name in "abc"]
    assert list(run_steps(steps, watched.job, workers=3, memory_bytes=10)) == ["a", "b", "c"]
    assert all("b" not in together or together == ("b",) for together in watched.seen)


def test_what_is_passed_over_is_not_in_the_result():
    steps = [Complement(id="a", mask="out"), Complement(id="b", mask="a"), Complement(id="c", mask="out")]

    def job_of(step, results):
        passed = step.id == "a" or (step.id == "b" and "a" not in results)
        return None if passed else Job(step.id, 1, lambda: step.id)

    assert run_steps(steps, job_of) == {"c": "c"}


def test_the_first_error_is_raised_and_nothing_more_is_started():
    started = []

    def job_of(step, _):
        def run():
            started.append(step.id)
            raise ValueError(step.id)

        return Job(step.id, 1, run)

    steps = [Complement(id="a", mask="out"), *(Complement(id=f"b{i}", mask="out") for i in range(5))]
    with pytest.raises(ValueError, match="a"):
        run_steps(steps, job_of, workers=2)
    assert len(started) <= 2


def test_no_steps_at_a_time_are_refused():
    with pytest.raises(InputError, match="0 steps"):
        run_steps([], lambda step, results: None, workers=0)
