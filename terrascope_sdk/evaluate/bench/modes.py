"""The ways in which the benchmark runs a network over a question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from terrascope_sdk.evaluate.bench.measuring import true_mask_of
from terrascope_sdk.evaluate.bench.question import BenchQuestion
from terrascope_sdk.evaluate.bench.scenes import SeenScene
from terrascope_sdk.evaluate.bench.session_kinds import (
    MirroredSession,
    RandomSession,
    SilentSession,
    TrueMaskSession,
    WrongMaskSession,
    ZeroedSession,
)
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.decode import Backbone, Grounding
from terrascope_sdk.model.session import CompactSession

__all__ = ["ChainSession", "Mode", "SessionMaker", "bench_modes", "network_sessions"]


class ChainSession(Backbone, Grounding, Protocol):
    """What the loop needs of a session."""


SessionMaker = Callable[[SeenScene, BenchQuestion, Sequence[str]], ChainSession]
"""Makes the session of one chain, from the scene, the question and its split words."""


@dataclass(frozen=True)
class Mode:
    """How a question is run."""

    session: type[CompactSession]
    """What is fed back."""

    told: str
    """What it is, in words."""

    wording: str = "known"
    """Which wording is asked."""

    direct: bool = False
    """Whether the network writes the answer itself, as in the paper."""


bench_modes: Mapping[str, Mode] = MappingProxyType(
    {
        "measured": Mode(CompactSession, "masks are measured by the runtime"),
        "new_phrasings": Mode(CompactSession, "the same questions in phrasings kept out of training", wording="new"),
        "direct": Mode(CompactSession, "the network writes the answer itself, as in the paper", direct=True),
        "zeroed": Mode(ZeroedSession, "the injected tokens are zero"),
        "mirrored": Mode(MirroredSession, "the injected tokens are those of the mask mirrored in both axes"),
        "wrong_mask": Mode(WrongMaskSession, "the injected tokens are those of another class"),
        "random_mask": Mode(RandomSession, "the injected tokens are those of a random region of the same size"),
        "injection_off": Mode(SilentSession, "nothing is injected"),
        "direct_zeroed": Mode(
            ZeroedSession, "the network writes the answer itself; the injected tokens are zero", direct=True
        ),
        "true_masks": Mode(TrueMaskSession, "the network's chain over the masks of the labels"),
    }
)
"""All modes by name; the first is how the product works."""


def network_sessions(network: CompactNetwork, mode: Mode) -> SessionMaker:
    """Return what makes the sessions of a mode.

    Args:
        network: The trained network.
        mode: How it is run.
    """

    def make(seen: SeenScene, question: BenchQuestion, words: Sequence[str]) -> ChainSession:
        dates = question.asked.dates
        fields, observed = [seen.fields[d] for d in dates], [seen.observed[d] for d in dates]
        session = mode.session(network, fields, observed, question=words, direct=mode.direct)
        if isinstance(session, TrueMaskSession):
            counts = question.task.kind == "count"
            session.truth = lambda find: true_mask_of(seen, find, dates, counts=counts)
        return session

    return make
