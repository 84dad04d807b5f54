"""TerraScope as a reasoner: a network that thinks in words and masks, over the pixels of a stack."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import torch

from terrascope_sdk.engine.dated_words import with_date_names
from terrascope_sdk.engine.fitness import FITNESS_FILE, Fit, Fitness, read_fitness
from terrascope_sdk.engine.moments import Moment, moments_of
from terrascope_sdk.engine.preparing import prepare, why_unusable
from terrascope_sdk.engine.requested import gsd_m, lacking, only_dates, too_coarse
from terrascope_sdk.engine.scribe import Scribe
from terrascope_sdk.engine.telling import claim_of, finding_text, label_of, result_text
from terrascope_sdk.engine.understanding import NOT_UNDERSTOOD, strays, unread
from terrascope_sdk.errors import GroundingError, InputError, NotVisible
from terrascope_sdk.model.chain_grammar import ChainReader, Find
from terrascope_sdk.model.checkpoint import (
    bundled_weights,
    is_compact,
    load_compact,
    save_compact,
    weights_sha256,
)
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import change_keys, single_keys
from terrascope_sdk.model.decode import Drawn, MaskMade, Measured, Said, run_chain
from terrascope_sdk.model.fields import Fields, encode_fields
from terrascope_sdk.model.session import CompactSession
from terrascope_sdk.model.tokens import PLACES, RESULTS
from terrascope_sdk.model.words import split_question
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

if TYPE_CHECKING:
    from terrascope_sdk.engine.released import ReleasedTerraScope

__all__ = ["TerraScope"]

_METHOD = "TerraScope compact network: mask by dot product of the chain's [SEG] state with pixel features"
_REFERENCE = "TerraScope, arXiv 2603.19039 (method); network and weights of this package"
_SAR_BLIND = ("shrub", "grass", "crop", "bare", "wetland", "snow", "vegetation", "cloud", "burned", "building", "road")


@dataclass
class _Encoded:
    """The newest stack, encoded, so that several questions about it cost one encoding."""

    key: tuple[str, str | None] = ("", None)
    moments: tuple[Moment, ...] = ()
    fields: list[Fields] = field(default_factory=list)
    observed: tuple[np.ndarray, ...] = ()
    warnings: tuple[str, ...] = ()


class TerraScope:
    """Answers questions about a stack with a chain of words, masks and measurements."""

    def __init__(
        self, network: CompactNetwork, *, version: str, tile_px: int = 512, fitness: Fitness | None = None
    ) -> None:
        """Wrap a network; most users call :meth:`from_pretrained`.

        Args:
            network: The trained network.
            version: Names its weights in provenance.
            tile_px: Scenes larger than this are encoded in tiles of this side, a multiple of 8.
            fitness: How well it maps what; nothing was tested when left out.
        """
        self.network, self.version, self.tile_px = network, version, tile_px
        self.fitness = fitness or Fitness({})
        self._encoded = _Encoded()

    @overload
    @classmethod
    def from_pretrained(cls, folder: None = None, *, device: str = "cpu") -> "TerraScope": ...

    @overload
    @classmethod
    def from_pretrained(
        cls, folder: str | Path, *, device: str = "cpu", **changes: Any
    ) -> "TerraScope | ReleasedTerraScope": ...

    @classmethod
    def from_pretrained(
        cls, folder: str | Path | None = None, *, device: str = "cpu", **changes: Any
    ) -> "TerraScope | ReleasedTerraScope":
        """Load a network: the compact one of this package, one of your own, or the released 8B network.

        Args:
            folder: A folder written by :meth:`save_pretrained`, or the name or folder of a released checkpoint, such as
                ``sy1998/TerraScope``; the network inside the package when left out.
            device: ``cpu``, ``cuda`` or another torch device.
            changes: For a released checkpoint only: see
                :meth:`~terrascope_sdk.engine.released.ReleasedTerraScope.from_pretrained`.

        Raises:
            WeightsNotFound: A file is missing.
            InputError: The files do not fit this version.
        """
        if folder is not None and not is_compact(folder):
            from terrascope_sdk.engine.released import ReleasedTerraScope

            return ReleasedTerraScope.from_pretrained(folder, device=device, **changes)
        if changes:
            raise InputError(f"The compact network takes no {', '.join(sorted(changes))}.")
        network = load_compact(folder).to(device)
        sha256 = weights_sha256(folder)
        fitness = read_fitness(bundled_weights() if folder is None else Path(folder), weights_sha256=sha256)
        return cls(network, version=sha256[:12], fitness=fitness)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write weights, configuration and word list into a folder, for :meth:`from_pretrained`.

        What is known of the weights on labelled pixels goes with them, unless they were trained since.
        """
        save_compact(self.network, folder)
        sha256 = weights_sha256(folder)
        if self.fitness.fits and sha256.startswith(self.version):
            document = self.fitness.to_json(weights_sha256=sha256)
            (Path(folder) / FITNESS_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    @property
    def name(self) -> str:
        """Name and version, as shown in provenance."""
        return f"terrascope-compact {self.version}"

    # ------------------------------------------------------------------------------------------------ one concept

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why a request cannot be met with these pixels, or None when it can.

        Raises:
            InputError: The concept is not in the vocabulary, or a date is not in the series.
        """
        concept, missing = get_concept(request.concept), lacking(stack, request)
        if missing is not None:
            return missing
        if request.sensor == "sar" and concept.key in _SAR_BLIND:
            return f"SAR alone cannot tell {concept.title} from other ground."
        if concept.max_gsd_m is not None and gsd_m(stack) > concept.max_gsd_m:
            return too_coarse(concept.title, concept.max_gsd_m, stack)
        if concept.dates > 1 and (request.before is None or request.before >= request.when):
            return f"A {concept.title} needs an earlier date to compare with, and none was given."
        return why_unusable(stack.series(request.sensor))

    def fit_of(self, stack: ImageStack, request: GroundRequest) -> Fit | None:
        """Return how well this network mapped the concept of a request on labelled pixels; None where untested."""
        sensor = "sar" if request.sensor == "sar" else None
        newest = moments_of(only_dates(stack, request), sensor=sensor)[-1]
        return self.fitness.of(request.concept, sensors=newest.sensor, gsd_m=gsd_m(stack))

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield the steps of a chain that finds one concept; the last one carries the mask.

        An optical request also uses the SAR image nearest in time where there is one within twelve days.

        Raises:
            NotVisible: The pixels cannot show the concept.
            GroundingError: The network drew no mask.
            ParseError: The network left the grammar of its chain.
        """
        reason = self.unseen(stack, request)
        if reason is not None:
            raise NotVisible(reason)
        part = only_dates(stack, request)
        sensor = "sar" if request.sensor == "sar" else None
        question = ["is", "there", "any", f"{{{request.concept}}}", "?"]
        steps = list(self._steps(part, question, Scribe(), sensor=sensor))
        found = next((s for s in steps if s.mask is not None), None)
        if found is None:
            title = get_concept(request.concept).title
            raise GroundingError(f"The network drew no mask of {title}: {steps[-1].text}")
        yield from (Step("text", w) for w in self._encoded.warnings)
        yield found

    # ------------------------------------------------------------------------------------------------ a question

    def reason(self, stack: ImageStack, question: str, *, aoi: Aoi | None = None) -> ReasoningChain:
        """Answer a question in free words with a chain.

        A question that is not understood has that as its answer, and no number.

        Args:
            stack: The pixels, one to eight dates.
            question: What to answer.
            aoi: Measure only inside; the whole image when left out.

        Raises:
            InputError: The stack has too many dates, or its bands do not do.
            NotVisible: A concept of the question cannot be seen in these pixels.
        """
        scribe = Scribe(aoi)
        steps = tuple(self.stream(stack, question, scribe=scribe))
        return ReasoningChain(question, steps, claim=steps[-1].text, reasoner=self.name, stack_id=stack.id)

    def stream(self, stack: ImageStack, question: str, *, scribe: Scribe | None = None) -> Iterator[Step]:
        """Yield the steps of a chain as they come; the last one is the answer. Raises as :meth:`reason` does."""
        words = split_question(with_date_names(question, moments_of(stack)))
        if "<unk>" in words:
            yield Step("answer", f"{NOT_UNDERSTOOD}: it has a word that the network does not know.")
            return
        yield from self._steps(stack, words, scribe or Scribe())

    def _encode(self, stack: ImageStack, sensor: str | None) -> _Encoded:
        key = (stack.id, sensor)
        if self._encoded.key != key:
            moments = moments_of(stack, sensor=sensor)
            if len(moments) > self.network.config.max_dates:
                raise InputError(
                    f"The stack has {len(moments)} dates; a chain takes at most {self.network.config.max_dates}.",
                    hint="Select the dates that the question is about.",
                )
            ready = prepare(stack, moments)
            device = self.network.language.embed.weight.device
            made = encode_fields(
                self.network.encoder, self.network.grounder, ready.views.to(device), tile_px=self.tile_px
            )
            self._encoded = _Encoded(key, moments, made, ready.observed, ready.warnings)
        return self._encoded

    def _steps(
        self, stack: ImageStack, words: Sequence[str], scribe: Scribe, *, sensor: str | None = None
    ) -> Iterator[Step]:
        seen = self._encode(stack, sensor)
        session = CompactSession(self.network, seen.fields, seen.observed, question=words)
        reader = ChainReader(len(seen.moments))
        made: list[tuple[Find, Mask, tuple[int, ...]]] = []
        cells, told = (self.network.config.grid,) * 2, 0
        with torch.inference_mode():
            for event in run_chain(session, session, reader, measure=scribe):
                if isinstance(event, MaskMade):
                    stray = strays(words, event.find)
                    if stray is not None:
                        yield Step("answer", stray)
                        return
                    self._refuse_unseen(stack, event.find, seen.moments)
                    mask = self._mask(stack, event.find, event.drawn, seen)
                    scribe.masks[event.find.mask] = mask
                    made.append((event.find, mask, event.drawn.evidence.positions))
                elif isinstance(event, Said) and event.word == "." and told < len(made):
                    find, mask, positions = made[told]
                    place = next((w for w in reversed(reader.words[-3:]) if w in PLACES), None)
                    sentence = finding_text(find, seen.moments, mask, place)
                    yield Step(
                        "ground", sentence, mask, method=_METHOD, reference=_REFERENCE, injected=positions,
                        token_grid=cells,
                    )  # fmt: skip
                    told += 1
                elif isinstance(event, Measured):
                    result = scribe.results[-1]
                    yield Step("measure", result_text(result), measurements=result.measurements)
        told_of = [self._quality(stack, find, mask) for find, mask, _ in made]
        if self.fitness.fits and told_of:
            yield Step("text", " ".join(dict.fromkeys(told_of)))
        yield Step("answer", unread(words, reader) or claim_of(reader.answer, scribe.results, RESULTS))

    def _quality(self, stack: ImageStack, find: Find, mask: Mask) -> str:
        """Return in a sentence how well such a mask was drawn on labelled pixels."""
        concept = f"{find.way}:{find.concept}" if find.way else find.concept
        fit = self.fitness.of(concept, sensors=mask.sensor, gsd_m=gsd_m(stack))
        title = label_of(find).capitalize()
        return f"{title}: not tested on labelled pixels of this kind." if fit is None else f"{title}: {fit}."

    def _refuse_unseen(self, stack: ImageStack, find: Find, moments: Sequence[Moment]) -> None:
        known = change_keys() if find.way else (*single_keys(), "burned")
        key = f"{find.way}:{find.concept}" if find.way else find.concept
        title = get_concept(find.concept).title
        if key not in known:
            raise NotVisible(f"The network cannot map how {title} came or went.")
        if find.concept in _SAR_BLIND and all(moments[d - 1].optical is None for d in find.dates):
            raise NotVisible(f"SAR alone cannot tell {title} from other ground.", hint="Add an optical image.")
        limit = get_concept(find.concept).max_gsd_m
        if limit is not None and gsd_m(stack) > limit:
            raise NotVisible(too_coarse(title, limit, stack))

    def _mask(self, stack: ImageStack, find: Find, drawn: Drawn, seen: _Encoded) -> Mask:
        moment = seen.moments[find.dates[-1] - 1]
        valid = np.logical_and.reduce([seen.observed[d - 1] for d in find.dates])
        inside = drawn.probability[drawn.pixels]
        return Mask(
            pixels=drawn.pixels,
            valid=valid,
            grid=stack.grid,
            label=label_of(find),
            date=moment.date,
            period_s=moment.period_s,
            sensor=moment.sensor,
            score=float(inside.mean()) if inside.size else None,
            probability=drawn.probability,
        )
