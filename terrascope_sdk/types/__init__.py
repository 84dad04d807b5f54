"""The nouns: frozen values that every layer speaks in, with no opinion on how they are made."""

from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.events import Event
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import TimeRange
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.measurement import Check, Measurement
from terrascope_sdk.types.picture import Picture
from terrascope_sdk.types.protocols import GroundRequest, Listener, Reasoner
from terrascope_sdk.types.provenance import Provenance
from terrascope_sdk.types.scene import Scene
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

__all__ = [
    "Answer",
    "Aoi",
    "Check",
    "Event",
    "GroundRequest",
    "ImageSeries",
    "ImageStack",
    "Listener",
    "Mask",
    "Measurement",
    "Picture",
    "PixelGrid",
    "Provenance",
    "Reasoner",
    "ReasoningChain",
    "Scene",
    "Step",
    "TimeRange",
]
