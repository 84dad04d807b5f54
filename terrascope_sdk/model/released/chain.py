"""A whole chain of the released network: its text, its masks and how it ended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transformers import PreTrainedTokenizerBase

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.decode import ChainEvent, MaskMade, Said, run_chain
from terrascope_sdk.model.released.prompt import token_id
from terrascope_sdk.model.released.session import ReleasedSession
from terrascope_sdk.model.released.transcript import STOPS, Stopped, Transcript

__all__ = ["ReleasedChain", "released_events"]

REGION = "<REGION>"
"""What stands in the text for a visual token that was fed back."""


@dataclass
class ReleasedChain:
    """A chain as it grows."""

    ids: list[int] = field(default_factory=list)
    """Tokens written, with one ``<REGION>`` for every visual token that was fed back."""

    masks: list[MaskMade] = field(default_factory=list)
    """Masks in order."""

    stopped: Stopped = ""
    """Why it ended."""

    def text(self, tokenizer: PreTrainedTokenizerBase) -> str:
        """Return the chain as text, special tokens kept."""
        return str(tokenizer.decode(self.ids, skip_special_tokens=False)).strip()


def _no_measure(kind: str, numbers: tuple[int, ...], masks: Sequence[object]) -> Sequence[str]:
    raise InputError("The released network asks for no measurement; its masks are measured after the chain.")


def released_events(session: ReleasedSession, chain: ReleasedChain) -> Iterator[ChainEvent]:
    """Yield what happens while the released network reasons, and keep it in a chain.

    Args:
        session: Prompt and pictures.
        chain: An empty one, filled as it goes on.
    """
    eos = session.tokenizer.eos_token
    stops = (*STOPS, eos) if isinstance(eos, str) else STOPS
    transcript = Transcript(len(session.seen.pictures), session.options, stops=stops)
    region = token_id(session.tokenizer, REGION)
    limit = session.options.max_tokens + 1
    for event in run_chain(session, session, transcript, measure=_no_measure, max_tokens=limit):
        chain.stopped = transcript.stopped
        if isinstance(event, Said) and chain.stopped != "masks":
            chain.ids.append(token_id(session.tokenizer, event.word))
        elif isinstance(event, MaskMade):
            count = len(event.drawn.evidence.positions)
            transcript.fed_back(count)
            chain.ids += [region] * count
            chain.masks.append(event)
        yield event
