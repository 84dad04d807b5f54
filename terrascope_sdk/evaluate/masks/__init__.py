"""How good masks are: on synthetic worlds, on real scenes, with intervals; and the fitness file made of it."""

from terrascope_sdk.evaluate.masks.fitness import build_fitness
from terrascope_sdk.evaluate.masks.network import MaskNetwork, load_mask_network
from terrascope_sdk.evaluate.masks.real import RealResult, real_suite
from terrascope_sdk.evaluate.masks.synthetic import synthetic_suite

__all__ = ["MaskNetwork", "RealResult", "build_fitness", "load_mask_network", "real_suite", "synthetic_suite"]
