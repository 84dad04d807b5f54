"""What ``terrascope bench`` does: a suite by its name or file, and the document of its scores."""

from collections.abc import Callable, Iterable
from pathlib import Path

from terrascope_sdk.errors import InputError
from terrascope_sdk.evaluate.bench.bench import answer_suite, bench_document
from terrascope_sdk.evaluate.bench.modes import bench_modes
from terrascope_sdk.evaluate.bench.published import read_published
from terrascope_sdk.evaluate.bench.published_bench import published_document
from terrascope_sdk.evaluate.bench.real import real_suite
from terrascope_sdk.evaluate.bench.suite import Suite, synthetic_suite
from terrascope_sdk.model.checkpoint import load_compact, weights_sha256
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["run_bench"]


def _suite(name: str, seed: int, n: int, data: Path | None) -> Suite:
    return synthetic_suite(seed, n) if name == "synthetic" else real_suite(seed, n, data)


def run_bench(
    suite: str,
    *,
    seed: int = 0,
    n: int = 200,
    weights: Path | None = None,
    data: Path | None = None,
    modes: Iterable[str] = tuple(bench_modes),
    others: int = 60,
    on_step: Callable[[int, int], None] | None = None,
) -> dict[str, JsonValue]:
    """Return the scores of a network on a suite.

    Args:
        suite: ``synthetic``, ``real``, or a published parquet file.
        seed: Of scenes and questions; without effect on a file.
        n: Questions a task; of a file, most questions in all.
        weights: Folder of the network; the one inside the package when left out.
        data: Folder with further labels for the real suite.
        modes: How the network is run; ``measured`` is always among them.
        others: Questions a task for all modes but ``measured`` and ``new_phrasings``.
        on_step: Told after each scene or question: how many are done, how many there are.

    Returns:
        ``{"suite", "seed", "n", "weights_sha256", "tasks", "masks", "baselines"}`` with plain values.

    Raises:
        InputError: The suite is not known, or a number makes no sense.
        WeightsNotFound: There are no weights.
        MissingDependency: A file was given, but pyarrow is not installed.
        ParseError: The file is no benchmark file.
    """
    chosen = list(dict.fromkeys(("measured", *modes)))
    odd = [m for m in chosen if m not in bench_modes]
    if odd:
        raise InputError(f"{odd[0]!r} is no mode of the benchmark.", hint=f"Known are {', '.join(bench_modes)}.")
    if n < 1 or others < 1:
        raise InputError(f"The benchmark needs at least one question a task, not {min(n, others)}.")
    if suite not in {"synthetic", "real"} and not suite.endswith(".parquet"):
        raise InputError(f"{suite!r} is no suite.", hint="Give 'synthetic', 'real' or a parquet file.")
    network = load_compact(weights)
    head: dict[str, JsonValue] = {"suite": suite, "seed": seed, "n": n, "weights_sha256": weights_sha256(weights)}
    if suite.endswith(".parquet"):
        return head | published_document(read_published(Path(suite), n), network, on_question=on_step)
    questions = _suite(suite, seed, n, data)
    answers = answer_suite(questions, network, modes=chosen, others=others, on_scene=on_step)
    return head | bench_document(questions, answers)
