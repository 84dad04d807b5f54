"""The released TerraScope (8B) as a reasoner: its chain over pictures of a stack, its masks on the stack's grid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from terrascope_sdk.engine.released_memory import enough_memory
from terrascope_sdk.engine.released_showing import shown_pictures
from terrascope_sdk.engine.released_telling import Teller
from terrascope_sdk.engine.requested import gsd_m, lacking, too_coarse
from terrascope_sdk.errors import GroundingError, InputError, NotVisible
from terrascope_sdk.model.decode import MaskMade, Said
from terrascope_sdk.model.released.batching import ChainJob, run_batch
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.loading import Released, load_released, save_released
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated, user_text
from terrascope_sdk.model.released.quantising import WeightKind, quantise
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import Sam2Sizes
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.picture import Picture
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

__all__ = ["ReleasedTerraScope"]


@dataclass(frozen=True)
class _Seen:
    """The newest pictures, encoded, so that several questions about them cost one encoding."""

    key: str
    shown: tuple[Picture, ...]
    periods_s: tuple[float, ...]
    pictures: SeenPictures

    @property
    def counts(self) -> list[int]:
        """How many visual tokens each picture has."""
        return [len(t) for t in self.pictures.tokens]


class ReleasedTerraScope:
    """The published 8B network, run natively: no code of the checkpoint, current transformers, CPU or GPU."""

    def __init__(self, released: Released, *, options: ReleasedOptions | None = None, version: str = "") -> None:
        """Wrap a network; most users call :meth:`from_pretrained`.

        Args:
            released: Network and tokenizer.
            options: How a chain is run; as the release does when left out.
            version: Names its weights in provenance.
        """
        self.released, self.options = released, options or ReleasedOptions()
        self.version = version or released.checkpoint.revision[:12] or "unnamed"
        self._seen: _Seen | None = None

    @classmethod
    def from_pretrained(
        cls,
        name: str | Path,
        *,
        revision: str | None = None,
        device: str = "cpu",
        dtype: torch.dtype | None = None,
        weights: WeightKind = "full",
        sam2: Sam2Sizes | None = None,
        options: ReleasedOptions | None = None,
        offline: bool = False,
    ) -> "ReleasedTerraScope":
        """Load a released checkpoint.

        Args:
            name: ``sy1998/TerraScope``, another Sa2VA-style name on the hub, or a local folder.
            revision: Commit, tag or branch on the hub.
            device: ``cpu``, ``cuda`` or another torch device.
            dtype: bfloat16 on a GPU, float32 elsewhere when left out.
            weights: The language model's matrices as they are (``full``), in the machine's memory until they are needed
                (``host``), in eight bits (``int8``), or in four (``int4``, on a GPU).
            sam2: Sizes of SAM 2 where they are none of the published ones.
            options: How a chain is run.
            offline: Use only what was downloaded before.

        Raises:
            WeightsNotFound: Something of it is not there.
            InputError: It is another architecture, pickled or truncated, or there is no such device or type.
            OutOfMemory: It does not fit into the device's memory.
            MissingDependency: Fewer bits were asked for, and torchao is not installed.
        """
        with enough_memory():
            released = load_released(
                name, revision=revision, device=device, dtype=dtype, sam2=sam2, offline=offline,
                on_host=weights == "host",
            )  # fmt: skip
            quantise(released.network, weights)
        version = released.checkpoint.revision[:12] or released.checkpoint.sha256()[:12]
        version += "" if weights in ("full", "host") else f" {weights}"
        return cls(released, options=options, version=version)

    def save_pretrained(self, folder: str | Path) -> None:
        """Write the network in our own layout, for :meth:`from_pretrained`.

        Raises:
            InputError: Its weights were put into fewer bits.
        """
        if self.version.endswith(("int8", "int4")):
            raise InputError("A network with weights of fewer bits is not saved.", hint="Load it with weights='full'.")
        save_released(self.released, folder)

    @property
    def name(self) -> str:
        """Name and version, as shown in provenance."""
        return f"terrascope-released {self.version}"

    # ------------------------------------------------------------------------------------------------ one concept

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why a request cannot be met with these pixels, or None when it can.

        Raises:
            InputError: The concept is not in the vocabulary, or a date is not in the series.
        """
        concept, missing = get_concept(request.concept), lacking(stack, request)
        if missing is not None:
            return missing
        if concept.dates > 1:
            return f"A {concept.title} is a comparison of two dates; the released network draws masks of one."
        if concept.max_gsd_m is not None and gsd_m(stack) > concept.max_gsd_m:
            return too_coarse(concept.title, concept.max_gsd_m, stack)
        if request.sensor == "sar" and not {"vv", "vh"} <= set(stack.series("sar").bands):
            return "The released network needs SAR in VV and VH."
        return None

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield the steps of a chain that finds one concept; the last one carries the mask.

        Raises:
            NotVisible: The pixels cannot show the concept.
            GroundingError: The network drew no mask.
        """
        reason = self.unseen(stack, request)
        if reason is not None:
            raise NotVisible(reason)
        title = get_concept(request.concept).title
        one = stack.series(request.sensor).select([request.when])
        part = ImageStack(stack.grid, one) if request.sensor == "optical" else ImageStack(stack.grid, sar=one)
        question = f"Where is {title} in this image?"
        for step in self._steps(part, question, None, label=request.concept):
            yield step
            if step.mask is not None:
                return
        raise GroundingError(f"The network drew no mask of {title}.")

    # ------------------------------------------------------------------------------------------------ a question

    def reason(self, stack: ImageStack, question: str, *, aoi: Aoi | None = None) -> ReasoningChain:
        """Answer a question in free words with a chain; every mask is measured as it comes.

        Args:
            stack: The pixels: one image, or up to eight of the same place.
            question: What to answer.
            aoi: Measure only inside; the whole image when left out.

        Raises:
            InputError: There are too many images, or the question holds marks of the prompt.
            TooLarge: An image has too many pixels.
            NotVisible: Not one pixel was observed.
            OutOfMemory: The chain does not fit into the device's memory.
        """
        steps = tuple(self._steps(stack, question, aoi))
        return ReasoningChain(question, steps, claim=steps[-1].text, reasoner=self.name, stack_id=stack.id)

    def stream(self, stack: ImageStack, question: str, *, aoi: Aoi | None = None) -> Iterator[Step]:
        """Yield the steps of a chain as they come; the last one is the answer. Raises as :meth:`reason` does."""
        yield from self._steps(stack, question, aoi)

    def reason_many(
        self, stack: ImageStack, questions: Sequence[str], *, aoi: Aoi | None = None, rows: int = 8
    ) -> list[ReasoningChain]:
        """Answer several questions about a stack together: the images are read once, the chains written in step.

        Args:
            stack: The pixels.
            questions: What to answer.
            aoi: Measure only inside; the whole image when left out.
            rows: How many chains run at once; a bound on memory.

        Returns:
            One chain a question, each as :meth:`reason` gives it.

        Raises:
            InputError: There are too many images, or a question holds marks of the prompt.
            TooLarge: An image has too many pixels.
            NotVisible: Not one pixel was observed.
            OutOfMemory: The chains do not fit into the device's memory.
        """
        kit, made = self.released.tokenizer, []
        with enough_memory():
            seen = self._encoded(stack)
            jobs = [ChainJob(seen.pictures, self._prompt(seen, q), self.options) for q in questions]
            chains = run_batch(self.released.network, kit, jobs, rows=rows)
        for question, chain in zip(questions, chains, strict=True):
            teller = Teller(kit, seen.shown, seen.periods_s, aoi=aoi)
            steps = tuple(teller.replayed(chain))
            made.append(ReasoningChain(question, steps, claim=steps[-1].text, reasoner=self.name, stack_id=stack.id))
        return made

    def _prompt(self, seen: _Seen, question: str) -> list[int]:
        return list(self.released.tokenizer.encode(templated(user_text(question), seen.counts)))

    def _steps(self, stack: ImageStack, question: str, aoi: Aoi | None, *, label: str = "") -> Iterator[Step]:
        with enough_memory():
            seen = self._encoded(stack)
            kit = self.released.tokenizer
            session = ReleasedSession(seen.pictures, kit, self._prompt(seen, question), self.options)
            chain, teller = ReleasedChain(), Teller(kit, seen.shown, seen.periods_s, aoi=aoi, label=label)
            for event in released_events(session, chain):
                if isinstance(event, Said):
                    teller.said(chain.ids[-1:])
                elif isinstance(event, MaskMade):
                    yield from teller.masked(event)
        yield from teller.ended(chain)

    def _encoded(self, stack: ImageStack) -> _Seen:
        if self._seen is None or self._seen.key != stack.id:
            shown, periods = shown_pictures(stack)
            images = [Image.fromarray(p.rgb) for p in shown]
            ready = prepare_pictures(images, tiled=len(images) == 1, rounded=self.options.rounded_pixels)
            self._seen = _Seen(stack.id, shown, periods, SeenPictures(self.released.network, ready))
        return self._seen
