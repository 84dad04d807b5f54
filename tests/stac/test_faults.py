"""Two hundred random faults of a real server: right pixels or a typed error, within the time, and nothing half-kept."""

import random
import time
import traceback
from collections import Counter

import numpy as np
import pytest
import rasterio
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from terrascope_sdk.errors import TerraScopeError
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.ranges import opener_for
from tests.stac.range_server import RangeServer
from tests.stac.remote_rasters import ExpiringSigner, at_once, make_cog

pytestmark = pytest.mark.enable_socket

TOTAL_S, BLOCK_BYTES, SIZE = 0.6, 16_384, 512
FAULTS = "429 500 503 reset drop short lying-range wrong-range no-range truncated changed redirect loop hang drip"
KINDS = [*FAULTS.split(), "signature", "busy"]
PRIVATE = ["http://10.0.0.1/x.tif", "http://[::1]/x.tif", "http://169.254.169.254/latest", "file:///etc/passwd"]


class TimedFetcher(Fetcher):
    """Notes how long each request took, from the first attempt to the last."""

    def exchange(self, ask):
        started = time.monotonic()
        try:
            return super().exchange(ask)
        finally:
            self.longest_s = max(getattr(self, "longest_s", 0.0), time.monotonic() - started)


class Kept(dict):
    """A store that keeps everything, for a look at it afterwards."""

    def put(self, key, data):
        self[key] = data


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    pixels = {
        name: make_cog(folder / f"{name}.tif", seed=seed, compress=compress)
        for seed, (name, compress) in enumerate([("deflate", "DEFLATE"), ("plain", "NONE")])
    }
    return folder, pixels


def read(opener, url, *, warped, window):
    with opener.checked(), rasterio.open(url, opener=opener) as raster:
        if not warped:
            return raster.read(1, window=window)
        with WarpedVRT(raster, crs=raster.crs) as view:
            return view.read(1, window=window)


def one_case(server, pixels, rng, kept):
    name, kind = rng.choice(sorted(pixels)), rng.choice(KINDS)
    path, signer = f"/{name}.tif", ExpiringSigner(stubborn=rng.random() < 0.2) if kind == "signature" else None
    server.clear()
    server.gate = signer.gate if signer else None
    times, after = rng.choice([1, 1, 2, 9]), rng.choice([0, 0, 1, 2])
    if signer:
        signer.used = 0 if rng.random() < 0.5 else 1
    elif kind == "busy":
        retry_after = rng.choice(
            ["0", "3600", "Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"]
        )
        server.fail(path, "429", times, after=after, retry_after=retry_after)
    else:
        server.fail(path, kind, times, after=after, location=rng.choice(PRIVATE))
    fetcher = TimedFetcher(
        server.url, timeout_s=(0.3, 0.15), total_s=TOTAL_S, attempts=3, signer=signer, timing=at_once(rng.random)
    )
    opener = opener_for(fetcher, server.url + path, block_bytes=BLOCK_BYTES, store=kept)
    row, column = rng.randrange(SIZE - 40), rng.randrange(SIZE - 40)
    window = Window(column, row, rng.randint(1, SIZE - column), rng.randint(1, SIZE - row))
    try:
        got = read(opener, server.url + path, warped=rng.random() < 0.3, window=window)
    except TerraScopeError as err:
        return kind, err
    finally:
        fetcher.close()
        assert getattr(fetcher, "longest_s", 0.0) < TOTAL_S + 0.3, (kind, times, after)
    np.testing.assert_array_equal(got, pixels[name][0][window.toslices()])
    return kind, None


def test_two_hundred_random_faults_give_right_pixels_or_a_typed_error(files):
    folder, pixels = files
    rng, shared, every = random.Random(5), Kept(), []
    outcomes = Counter()
    with RangeServer(folder) as server:
        for _ in range(200):
            kept = shared if rng.random() < 0.3 else Kept()
            every.append(kept)
            kind, error = one_case(server, pixels, rng, kept)
            outcomes[kind, type(error).__name__ if error else "read"] += 1
            assert "secret" not in "".join(traceback.format_exception(error) if error else ""), kind
    assert {kind for kind, _ in outcomes} == set(KINDS)
    ends = Counter(end for _, end in outcomes.elements())
    assert ends["read"] > 60, ends
    assert ends.keys() >= {"read", "CatalogError", "RasterError", "UnsafeLink"}, ends
    assert_whole(folder, every)


def assert_whole(folder, every):
    """Each block kept is a whole block of one version of a file that the server did serve."""
    real = set()
    for file in folder.glob("*.tif"):
        body = file.read_bytes()
        for version in (body, body[:-1] + bytes([body[-1] ^ 255]), body[: len(body) // 2]):
            real |= {version[at : at + BLOCK_BYTES] for at in range(0, len(version), BLOCK_BYTES)}
    blocks = {block for kept in every for block in kept.values()}
    assert blocks
    assert blocks <= real


def test_a_failure_in_the_middle_of_a_warp_is_raised_even_where_gdal_says_nothing(files):
    folder, _ = files
    with RangeServer(folder) as server:
        url = f"{server.url}/plain.tif"
        server.fail("/plain.tif", "500", 99, after=1)
        opener = opener_for(Fetcher(server.url, attempts=1, timing=at_once()), url, block_bytes=BLOCK_BYTES)
        with pytest.raises(TerraScopeError, match="500"):
            read(opener, url, warped=True, window=Window(0, 0, SIZE, SIZE))
