"""Imagery: find scenes, choose among them, load their pixels."""

from terrascope_sdk.stac.bundled import Place, find_place, places, resolve_aoi
from terrascope_sdk.stac.load import load
from terrascope_sdk.stac.search import search
from terrascope_sdk.stac.select import Choice, select_clearest, select_nearest, select_pair

__all__ = [
    "Choice",
    "Place",
    "find_place",
    "load",
    "places",
    "resolve_aoi",
    "search",
    "select_clearest",
    "select_nearest",
    "select_pair",
]
