"""Several chains at once: one forward pass of the language model serves a token of each.

Every chain runs the one loop in a thread of its own. What it wants to read it hands to the batch and waits; when all
running chains wait, the batch reads one position of each. Tokens that are fed back after a mask are read one by one
beside the words of the other chains, which gives the same states. A chain that ends leaves its place to the next one.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedTokenizerBase

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.decode import Drawn
from terrascope_sdk.model.released.caches import joined, of_rows
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.network import ReleasedNetwork
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures

__all__ = ["ChainJob", "run_batch"]


@dataclass(frozen=True, eq=False)
class ChainJob:
    """One chain to run."""

    seen: SeenPictures
    """Its pictures; several jobs may share them."""

    ids: Sequence[int]
    """Its prompt."""

    options: ReleasedOptions = field(default_factory=ReleasedOptions)
    """How it is run."""


class _Lane(ReleasedSession):
    """A chain whose reads are served by a batch."""

    batch: "_Batch"

    def start(self) -> Tensor:
        with self.batch.device:
            states = super().start()
        self.batch.admit(self)
        return states

    def states(self, embeddings: Tensor) -> Tensor:
        return self.batch.read(self, embeddings)

    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        with self.batch.device:
            return super().draw(hidden, find)

    @property
    def cache(self) -> DynamicCache:
        return self._cache


@dataclass(eq=False)
class _Request:
    """Positions that a chain wants to be read."""

    embeddings: Tensor
    made: list[Tensor] = field(default_factory=list)


class _Batch:
    """The rows that are read together."""

    def __init__(self, network: ReleasedNetwork) -> None:
        self.network, self.config = network, network.language.config
        self.device = threading.Lock()
        self.changed = threading.Condition()
        self.lanes: list[_Lane] = []
        self.new: list[_Lane] = []
        self.wanted: dict[_Lane, _Request] = {}
        self.running = 0
        self.failed: BaseException | None = None
        self.cache = DynamicCache(config=self.config)
        self.seen = torch.zeros(0, 0, dtype=torch.bool, device=network.head.weight.device)

    # ------------------------------------------------------------------------------------------- called by chains

    def run(self, job: ChainJob, tokenizer: PreTrainedTokenizerBase, chain: ReleasedChain) -> None:
        """Run one chain; an error is kept for the caller of the batch."""
        lane = _Lane(job.seen, tokenizer, job.ids, job.options)
        lane.batch = self
        with self.changed:
            self.running += 1
        error: BaseException | None = None
        try:
            for _ in released_events(lane, chain):
                pass
        except BaseException as err:  # noqa: BLE001  (raised by run_batch)
            error = err
        self.leave(lane, error)

    def admit(self, lane: _Lane) -> None:
        """Take in a chain that has read its prompt."""
        with self.changed:
            self.new.append(lane)

    def read(self, lane: _Lane, embeddings: Tensor) -> Tensor:
        """Wait until these positions were read, and return their states [position, width]."""
        request = _Request(embeddings)
        with self.changed:
            self.wanted[lane] = request
            self.changed.notify_all()
            self.changed.wait_for(lambda: len(request.made) == len(embeddings) or self.failed is not None)
            if self.failed is not None:
                raise RuntimeError("Another chain of the batch failed.") from self.failed
        return torch.stack(request.made)

    def leave(self, lane: _Lane, error: BaseException | None) -> None:
        """Take note that a chain has ended."""
        with self.changed:
            self.running -= 1
            self.failed = self.failed or error
            if lane in self.new:
                self.new.remove(lane)
            elif lane in self.lanes:
                kept = [i for i, other in enumerate(self.lanes) if other is not lane]
                self.lanes.remove(lane)
                rows = torch.tensor(kept, device=self.seen.device, dtype=torch.long)
                with self.device, torch.inference_mode():
                    self.cache, self.seen = of_rows(self.cache, self.seen, rows, self.config)
            self.changed.notify_all()

    # ------------------------------------------------------------------------------------------- called by the runner

    def fail(self, error: BaseException) -> None:
        """Wake all chains, which end, as the batch reads no more."""
        with self.changed:
            self.failed = self.failed or error
            self.changed.notify_all()

    def serve(self) -> None:
        """Read position after position until no chain runs."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.failed or self.running == 0 or len(self.wanted) == self.running)
                if self.failed is not None or self.running == 0:
                    return
                self._step()
                self.changed.notify_all()

    @torch.inference_mode()
    def _step(self) -> None:
        with self.device:
            self._take_in()
            rows = [self.wanted[lane] for lane in self.lanes]
            inputs = torch.stack([r.embeddings[len(r.made)] for r in rows])[:, None]
            places = self.seen.sum(1, keepdim=True)
            self.seen = torch.cat([self.seen, torch.ones_like(self.seen[:, :1])], 1)
            states = self.network.language(
                inputs_embeds=inputs, past_key_values=self.cache, use_cache=True, position_ids=places,
                attention_mask=self.seen.long(),
            ).last_hidden_state[:, 0]  # fmt: skip
        for lane, request, state in zip(self.lanes, rows, states, strict=True):
            request.made.append(state)
            if len(request.made) == len(request.embeddings):
                del self.wanted[lane]

    def _take_in(self) -> None:
        if not self.new:
            return
        caches = [lane.cache for lane in self.new]
        device = self.seen.device
        seen = [torch.ones(1, c.get_seq_length(), dtype=torch.bool, device=device) for c in caches]
        if self.lanes:
            caches, seen = [self.cache, *caches], [self.seen, *seen]
        self.cache, self.seen = joined(caches, seen, self.config)
        self.lanes += self.new
        self.new = []


def run_batch(
    network: ReleasedNetwork, tokenizer: PreTrainedTokenizerBase, jobs: Sequence[ChainJob], *, rows: int = 8
) -> list[ReleasedChain]:
    """Run chains together and return them in the order of the jobs; each is what it would be by itself.

    Args:
        network: What reasons.
        tokenizer: Its tokenizer.
        jobs: The chains.
        rows: How many run at once; a bound on memory.
    """
    batch, chains, waiting = _Batch(network), [ReleasedChain() for _ in jobs], iter(range(len(jobs)))
    taking = threading.Lock()

    def work() -> None:
        while batch.failed is None:
            with taking:
                number = next(waiting, None)
            if number is None:
                return
            batch.run(jobs[number], tokenizer, chains[number])

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(rows, len(jobs)))]
    for thread in threads:
        thread.start()
    try:
        while any(t.is_alive() for t in threads):
            batch.serve()
            for thread in threads:
                thread.join(timeout=0.001)
    except BaseException as err:  # also an interrupt: no chain may wait for a batch that is gone
        batch.fail(err)
        raise
    if batch.failed is not None:
        raise batch.failed
    return chains
