"""Where scenes come from: a list that is gone through again and again, a function of randomness, or a stream."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.train.cot.labelled import LabelledScene

__all__ = ["SceneSource", "Visits", "scenes_id"]

SceneSource = Sequence[LabelledScene] | Callable[[np.random.Generator], LabelledScene] | Iterable[LabelledScene]
"""Scenes to make samples of. A list is cycled through in an order drawn anew each round; a function makes a scene from
a generator, and has it visited as often as its attribute `visits` says (once without one); anything else is read once,
forwards, and must give the same scenes again when a run is continued."""

_ORDER, _SCENE = 11, 12  # streams of randomness, apart from each other


def scenes_id(source: SceneSource) -> str:
    """Return what tells sources apart: a hash of a list's scenes, else the name of what makes them."""
    if not isinstance(source, Sequence):
        return getattr(source, "__qualname__", type(source).__qualname__)
    digest = hashlib.sha256()
    for scene in source:
        arrays = [scene.labels, scene.labels_after, scene.instances, *scene.images.values()]
        digest.update(repr((scene.id, scene.shape, scene.classes, scene.gsd_m, scene.pixel_area_m2)).encode())
        for array in arrays:
            digest.update(b"none" if array is None else np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


class Visits:
    """Scenes by the number of the visit: the same number gives the same scene, whatever was seen before."""

    def __init__(self, source: SceneSource, seed: int) -> None:
        """Prepare a source.

        Args:
            source: Scenes.
            seed: Of the order, and of the scenes that a function makes.

        Raises:
            InputError: The list is empty.
        """
        self._source, self._seed = source, seed
        self._stream = None if isinstance(source, Sequence) or callable(source) else iter(source)
        self._kept: list[LabelledScene] = []
        self._next = 0
        self._order: tuple[int, np.ndarray] = (-1, np.zeros(0, np.int64))
        self._made: tuple[int, LabelledScene | None] = (-1, None)
        if isinstance(source, Sequence) and not len(source):
            raise InputError("There is no scene to make samples of.", hint="Give more labels, or smaller windows.")

    def keep(self, count: int) -> None:
        """Read the first scenes of a stream ahead; they stay available for their visits."""
        if self._stream is not None:
            self._kept = list(itertools.islice(self._stream, count))
            self._next = len(self._kept)

    def scene(self, visit: int) -> LabelledScene | None:
        """Return the scene of a visit; None after the end of a stream.

        Args:
            visit: Number from 0; of a stream, not before the last one asked for.
        """
        source = self._source
        if isinstance(source, Sequence):
            return source[self._position(visit, len(source))]
        if callable(source):
            number = visit // max(1, getattr(source, "visits", 1))
            if number != self._made[0]:
                self._made = number, source(np.random.default_rng([self._seed, _SCENE, number]))
            return self._made[1]
        if visit < len(self._kept):
            return self._kept[visit]
        if self._stream is None or visit < self._next:
            raise InputError(f"The stream of scenes is at {self._next} and cannot go back to {visit}.")
        found = next(itertools.islice(self._stream, visit - self._next, None), None)
        self._next = visit if found is None else visit + 1
        return found

    def _position(self, visit: int, length: int) -> int:
        round_, place = divmod(visit, length)
        if self._order[0] != round_:
            self._order = round_, np.random.default_rng([self._seed, _ORDER, round_]).permutation(length)
        return int(self._order[1][place])
