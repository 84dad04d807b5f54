"""Imagery: find scenes, choose among them, load their pixels."""

from terrascope_sdk.stac.bundled import Place, find_place, places, resolve_aoi
from terrascope_sdk.stac.catalogs import Catalog, find_catalog, known_catalogs, register_catalog
from terrascope_sdk.stac.describe import Band, Quality, Reading, describe_item
from terrascope_sdk.stac.elevation import load_elevation
from terrascope_sdk.stac.estimate import Estimate, estimate
from terrascope_sdk.stac.intervals import PerInterval, select_per_interval, select_series
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.lazy import LazyStack, load_lazy
from terrascope_sdk.stac.load import load, load_whole
from terrascope_sdk.stac.mosaic import DayChoice, SolarDay, cover_area, group_solar_days
from terrascope_sdk.stac.profiles import CollectionProfile, register_collection
from terrascope_sdk.stac.quality import observed_frac
from terrascope_sdk.stac.reprocessed import newest_processing
from terrascope_sdk.stac.search import search
from terrascope_sdk.stac.select import Choice, select_clearest, select_nearest, select_pair, select_sensor_pair
from terrascope_sdk.stac.store import Store
from terrascope_sdk.stac.transport.tape import record, replay

__all__ = [
    "Band",
    "Catalog",
    "Choice",
    "CollectionProfile",
    "DayChoice",
    "Estimate",
    "LazyStack",
    "PerInterval",
    "Place",
    "Quality",
    "Reading",
    "SolarDay",
    "Store",
    "cover_area",
    "describe_item",
    "estimate",
    "find_catalog",
    "find_place",
    "group_solar_days",
    "known_catalogs",
    "load",
    "load_elevation",
    "load_lazy",
    "load_whole",
    "newest_processing",
    "observed_frac",
    "places",
    "record",
    "register_catalog",
    "register_collection",
    "replay",
    "resolve_aoi",
    "scene_from_item",
    "search",
    "select_clearest",
    "select_nearest",
    "select_pair",
    "select_per_interval",
    "select_sensor_pair",
    "select_series",
]
