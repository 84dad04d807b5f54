# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From a search to a cloud-free before/after pair
#
# Which images show a place, which two of them can be compared, and what their numbers are. It runs without a network: the
# catalogue's answers and the pieces of its files come from a recording. With `LIVE = True` and another `CATALOG` and `PLACE`
# the same cells read any STAC catalogue.

# %%
from contextlib import ExitStack

import numpy as np

import terrascope_sdk as ts

LIVE = False
CATALOG = "http://localhost:8765/catalog.json"  # live: "earth-search", "planetary-computer", or a STAC API
PLACE = "slovenia"  # live: (west, south, east, north) in degrees, a GeoDataFrame or a GeoJSON file
TIME = "2015-07/2015-09"

source = ExitStack()
if not LIVE:
    source.enter_context(ts.replay("recordings/slovenia"))
ts.doctor()

# %% [markdown]
# ## What is there
#
# The cloud share is the catalogue's own, of the whole tile. Nothing has been downloaded yet.

# %%
scenes = ts.search(PLACE, catalog=CATALOG, time=TIME, sensor="optical")
for scene in scenes:
    print(f"{scene.when}  {scene.cloud_frac:4.0%} cloud  {scene.quantity}  {scene.id}")

# %%
print(ts.stac.estimate(scenes, PLACE, ["red", "green", "blue", "nir"]).text)

# %% [markdown]
# ## What a stored code means
#
# Scale and offset come from the processing baseline and from what the provider says, never from the date, and are applied once.

# %%
reading = ts.stac.describe_item(scenes[0].item)
for band in reading.bands[:4]:
    print(f"{band.name:8} = code x {band.scale:g} + {band.offset:g}   no data: {band.nodata}")
print(*reading.notes, sep="\n")

# %% [markdown]
# ## How much of the area was seen
#
# A tile may be half clouded and your area clear, or the other way round. So the quality band of the area itself decides.

# %%
series = ts.load(scenes, aoi=PLACE, bands=["red", "green", "blue", "nir"]).optical
inside = np.ones(series.grid.shape, bool)
observed = {
    ids[0]: float(share)
    for ids, share in zip(series.scene_ids, ts.stac.observed_frac(series.valid, inside), strict=True)
}
observed

# %% [markdown]
# ## The pair, and why
#
# Little cloud first, then the same time of the year, then the longest span. What could not be had is a warning, not a silence.

# %%
before, after = ts.stac.select_pair(scenes[:3], scenes[3:], observed=observed)
for name, choice in (("before", before), ("after", after)):
    print(f"{name}: {choice.scene.when}, {choice.reason}")
print(*before.warnings, sep="\n")

# %%
stack = ts.load([before.scene, after.scene], aoi=PLACE)
stack.picture("optical", 0)

# %%
stack.picture("optical", 1)

# %% [markdown]
# ## What changed in the numbers
#
# Both dates on the same pixels, both as reflectance: so they can be subtracted. What was not seen on both dates stays unknown.

# %%
red, nir = (np.stack([stack.optical.band(name, when) for when in range(2)]) for name in ("red", "nir"))
ndvi = (nir - red) / (nir + red)
both = stack.optical.valid.all(axis=0)
print(f"seen on both dates: {both.mean():.1%}")
print(f"median NDVI: {np.median(ndvi[0][both]):.2f} before, {np.median(ndvi[1][both]):.2f} after")
print(*stack.optical.notes, sep="\n")

# %% [markdown]
# ## Make such a recording yourself
#
# `with ts.record("folder"):` around a search and a load keeps what was asked and answered, without signatures or keys. Hand the
# folder to a class or put it beside a paper: `ts.replay` gives the same bits. What was not recorded is an error, never a
# request.

# %%
try:
    ts.search(PLACE, catalog="earth-search", time="2020")
except ts.errors.CatalogError as error:
    print(error)

source.close()
