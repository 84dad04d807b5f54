"""Running one chain as the product does, and keeping what it made."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool

from terrascope_sdk.engine.scribe import Scribe
from terrascope_sdk.engine.telling import label_of
from terrascope_sdk.engine.understanding import strays, unread
from terrascope_sdk.errors import ParseError
from terrascope_sdk.evaluate.bench.measuring import value_of
from terrascope_sdk.evaluate.bench.modes import ChainSession
from terrascope_sdk.evaluate.bench.scenes import SeenScene
from terrascope_sdk.evaluate.bench.tasks import Value
from terrascope_sdk.evaluate.bench.written import written_value
from terrascope_sdk.model.chain_grammar import ChainReader, Find
from terrascope_sdk.model.decode import MaskMade, Said, run_chain
from terrascope_sdk.model.tokens import PLACES, RESULTS

__all__ = ["ChainRun", "answer_of", "run_words"]


@dataclass
class ChainRun:
    """A chain as it was run."""

    reader: ChainReader
    """Has read its tokens."""

    scribe: Scribe = field(default_factory=Scribe)
    """Measured for it."""

    finds: list[Find] = field(default_factory=list)
    """What it looked for."""

    pixels: list[Bool[np.ndarray, "y x"]] = field(default_factory=list)
    """The masks that were shown."""

    said: list[str] = field(default_factory=list)
    """Where it said that they lie."""

    problem: str = ""
    """Why it has no answer; empty when it has one."""

    stopped: bool = False
    """Whether it was ended after a mask, before it could say where that lies."""

    def _note(self, event: object, seen: SeenScene, dates: Sequence[int], words: Sequence[str]) -> str | None:
        """Take an event; return why the chain must end, or None."""
        if isinstance(event, MaskMade):
            find = event.find
            self.finds.append(find)
            self.pixels.append(event.drawn.pixels)
            at = [dates[d - 1] for d in find.dates]
            self.scribe.masks[find.mask] = seen.mask(event.drawn.pixels, label_of(find), at)
            return strays(words, find)
        if isinstance(event, Said) and len(self.said) < len(self.finds) and event.word in {*PLACES, "absent"}:
            self.said.append(event.word)
        return None


def run_words(seen: SeenScene, dates: Sequence[int], words: Sequence[str], session: ChainSession) -> ChainRun:
    """Run a chain; it ends where the network looks for something that was not asked, as it does in the product.

    Args:
        seen: The scene.
        dates: Which of its dates are shown, positions from 0.
        words: The split question.
        session: Writes the chain.
    """
    run = ChainRun(ChainReader(len(dates)))
    try:
        for event in run_chain(session, session, run.reader, measure=run.scribe):
            stray = run._note(event, seen, dates, words)
            if stray is not None:
                run.problem, run.stopped = stray, True
                return run
        run.problem = unread(words, run.reader) or ""
    except ParseError as err:
        run.problem = str(err)
    return run


def answer_of(run: ChainRun, kind: str | None = None) -> Value | None:
    """Return the answer of a chain as a value.

    Args:
        run: The chain.
        kind: What was to be measured; an answer of another kind is none. Any kind when left out, of measured answers.
    """
    words = run.reader.answer
    if run.problem or not words:
        return None
    if len(words) == 1 and words[0] in RESULTS:
        at = RESULTS.index(words[0])
        asked = run.reader.measures[at]
        return value_of(run.scribe.results[at], asked, run.finds) if kind in {None, asked.kind} else None
    return written_value(kind, words, run.finds) if kind is not None else None
