"""Synthetic worlds with exact labels: land cover, what happens to it, and how sensors see it."""

from terrascope_sdk.worlds.scenes import UNLABELLED, Scenes, WorldOptions, make_scenes, make_towns

__all__ = ["UNLABELLED", "Scenes", "WorldOptions", "make_scenes", "make_towns"]
