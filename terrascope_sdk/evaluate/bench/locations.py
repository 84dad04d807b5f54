"""Whether a chain says where its mask lies: a test that the injected tokens are read."""

from collections.abc import Sequence

from terrascope_sdk.evaluate.bench.outcome import PlaceSaid
from terrascope_sdk.evaluate.bench.rates import Bootstrap
from terrascope_sdk.evaluate.bench.scores import Pair
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["score_locations"]


def _places(pairs: Sequence[Pair], *, centre: bool) -> list[tuple[str, PlaceSaid]]:
    found = [(p.scene, place) for p in pairs for place in p.outcome.places if place.shown is not None]
    return [(s, place) for s, place in found if centre or place.shown != "centre"]


def score_locations(pairs: Sequence[Pair], boot: Bootstrap) -> dict[str, JsonValue]:
    """Return how often chains name the place of the mask that was made, and that of its mirror image.

    Empty masks are left out; ``named_true`` and ``named_mirrored`` also leave out masks centred in the frame, whose
    mirror image lies in the same place.

    Args:
        pairs: Questions and chains.
        boot: Resampled scenes.
    """
    every, aside = _places(pairs, centre=True), _places(pairs, centre=False)
    empty = [(p.scene, q) for p in pairs for q in p.outcome.places if q.shown is None]
    return {
        "right": boot.mean([q.said == q.shown for _, q in every], [s for s, _ in every]).to_json(),
        "named_true": boot.mean([q.said == q.shown for _, q in aside], [s for s, _ in aside]).to_json(),
        "named_mirrored": boot.mean([q.said == q.mirrored for _, q in aside], [s for s, _ in aside]).to_json(),
        "absent_right": boot.mean([q.said == "absent" for _, q in empty], [s for s, _ in empty]).to_json(),
    }
