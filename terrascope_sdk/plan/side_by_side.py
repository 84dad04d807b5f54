"""Independent steps side by side, within a budget of memory; the result is the same as one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.step import StepBase

__all__ = ["MEMORY_BYTES", "WORKERS", "Job", "run_steps"]

Result = TypeVar("Result")

WORKERS = 2
"""Steps at a time."""

MEMORY_BYTES = 1 << 30
"""Memory that steps running side by side may take together; a step that takes more by itself runs alone."""


@dataclass(frozen=True)
class Job(Generic[Result]):
    """One step, ready to run."""

    key: str
    """What the result depends on; jobs of equal keys never run at the same time."""

    memory_bytes: int
    """Most memory it may take."""

    run: Callable[[], Result]
    """Does it; called in a thread."""


JobOf = Callable[[StepBase, Mapping[str, Result]], "Job[Result] | None"]


def run_steps(
    steps: Sequence[StepBase],
    job_of: JobOf[Result],
    *,
    workers: int = WORKERS,
    memory_bytes: int = MEMORY_BYTES,
) -> dict[str, Result]:
    """Run steps as soon as what they take is there, several at a time.

    Threads, no processes: NumPy and SciPy let others work while they compute, and masks need no copies. When a step
    fails, those that run are waited for, no more are started, and the error of the first of them in order is raised.

    Args:
        steps: In an order in which each comes after what it takes; what is not among them counts as there.
        job_of: Gets a step and the results so far, and returns what to run, or None to pass the step over. Called in
            the caller's thread.
        workers: Steps at a time, at least 1; 1 for one after the other.
        memory_bytes: Budget of the steps that run together.

    Returns:
        Results by step id, in the order of the steps; without those that were passed over.

    Raises:
        InputError: Fewer than one step at a time.
    """
    if workers < 1:
        raise InputError(f"{workers} steps at a time make no progress.", hint="Use 1 or more.")
    results: dict[str, Result] = {}
    waiting = list(steps)
    running: dict[Future[Result], tuple[StepBase, Job[Result]]] = {}
    failed: dict[str, BaseException] = {}
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="plan-step") as pool:
        while waiting or running:
            if not failed:
                pending = {s.id for s, _ in running.values()}
                for step, job in _startable(waiting, pending, job_of, results):
                    if _fits(job, [j for _, j in running.values()], memory_bytes):
                        waiting.remove(step)
                        running[pool.submit(job.run)] = (step, job)
                    if len(running) >= workers:
                        break
            if not running:
                break
            _settle(running, results, failed)
    order = [s.id for s in steps]
    if failed:
        raise failed[min(failed, key=order.index)]
    return {name: results[name] for name in order if name in results}


def _settle(
    running: dict[Future[Result], tuple[StepBase, Job[Result]]],
    results: dict[str, Result],
    failed: dict[str, BaseException],
) -> None:
    """Wait for at least one of the running steps and put its result, or its error, where it belongs."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        step, _ = running.pop(future)
        error = future.exception()
        if error is None:
            results[step.id] = future.result()
        else:
            failed[step.id] = error


def _startable(
    waiting: list[StepBase], pending: set[str], job_of: JobOf[Result], results: Mapping[str, Result]
) -> Iterator[tuple[StepBase, Job[Result]]]:
    """Yield the steps whose inputs are there; those that are passed over are taken off the list."""
    unfinished = pending | {s.id for s in waiting}
    for step in tuple(waiting):
        if any(name in unfinished for name, _ in step.references):
            continue
        job = job_of(step, results)
        if job is None:
            waiting.remove(step)
            unfinished.discard(step.id)
            continue
        yield step, job


def _fits(job: Job[Result], beside: Sequence[Job[Result]], memory_bytes: int) -> bool:
    if any(other.key == job.key for other in beside):
        return False
    return not beside or job.memory_bytes + sum(other.memory_bytes for other in beside) <= memory_bytes
