"""Results as files: a folder with everything, or single files; and back.

``export(answer, folder)`` writes all of it; ``geotiff``, ``geojson``, ``report`` and ``answer_json`` write one file
each; ``read_mask`` and ``read_answer`` read them again.
"""

from terrascope_sdk.export.documents import answer_json, read_answer, report
from terrascope_sdk.export.folder import Exported, export
from terrascope_sdk.export.raster import geotiff, read_mask
from terrascope_sdk.export.vector import geojson

__all__ = ["Exported", "answer_json", "export", "geojson", "geotiff", "read_answer", "read_mask", "report"]
