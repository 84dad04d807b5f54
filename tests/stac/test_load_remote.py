"""Loading over HTTP from a real server on loopback: equal to local files, recorded, replayed, kept, and faulty."""

import json

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk.errors import CatalogError, InputError, RasterError, TerraScopeError, TooLarge, UnsafeLink
from terrascope_sdk.stac import LazyStack, load, load_whole
from terrascope_sdk.stac.access import access_of
from terrascope_sdk.stac.catalogs import Catalog, register_catalog
from terrascope_sdk.stac.items import scene_from_item
from terrascope_sdk.stac.lazy import load_lazy
from terrascope_sdk.stac.notices import LoadedLazily
from terrascope_sdk.stac.store import Store
from terrascope_sdk.stac.transport.exchange import Ask, Reply
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.tape import Tape, record, replay
from terrascope_sdk.types import PixelGrid
from tests.stac.made import GRID, item, ramp, write_band
from tests.stac.range_server import RangeServer

pytestmark = pytest.mark.enable_socket

SCALED = {"scale": 1e-4, "offset": -0.1, "nodata": 0}


@pytest.fixture
def server(tmp_path):
    (tmp_path / "files").mkdir()
    with RangeServer(tmp_path / "files") as running:
        register_catalog(Catalog("loopback", "A catalogue on this machine", running.url))
        yield running


def remote_scene(server, folder, name="scene", **fields):
    """Write a scene into the server's folder and return it as the catalogue would describe it."""
    document = item(folder, name, **fields)
    for asset in document["assets"].values():
        asset["href"] = asset["href"].replace(str(folder), server.url)
    document["properties"]["terrascope:catalog"] = "loopback"
    return scene_from_item(document)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


def two_bands():
    return {"red": (ramp(), SCALED), "nir": (ramp(factor=3), SCALED)}


def test_pixels_over_http_are_those_of_the_files(server, folder):
    scene = remote_scene(server, folder, bands=two_bands())
    local = load([scene_from_item(item(folder, "scene", bands=two_bands()))]).optical
    assert load([scene], cache=None).optical.pixels.tobytes() == local.pixels.tobytes()
    assert any(r.span for r in server.requests)


def test_the_same_request_again_costs_no_request(server, folder, tmp_path):
    scene = remote_scene(server, folder, bands=two_bands())
    store = Store(tmp_path / "store")
    first = load([scene], cache=store).optical
    asked = len(server.requests)
    again = load([scene], cache=store).optical
    assert len(server.requests) == asked
    assert again == first
    assert again.notes == first.notes
    assert load([scene], cache=store, mask_clouds=False).optical.pixels.shape == first.pixels.shape
    other = remote_scene(server, folder, bands=two_bands() | {"red": (ramp(), SCALED | {"scale": 2e-4})})
    assert load([other], cache=store).optical != first


def test_a_recording_replays_to_the_bit_without_a_request(server, folder, tmp_path):
    scene = remote_scene(server, folder, bands=two_bands())
    with record(tmp_path / "tape"):
        first = load([scene])
    asked = len(server.requests)
    with replay(tmp_path / "tape"):
        again = load([scene])
    assert again.id == first.id
    assert len(server.requests) == asked > 0
    with replay(tmp_path / "tape"), pytest.raises(CatalogError, match="no answer"):
        load([remote_scene(server, folder, "other", bands={"red": ramp()})])


def test_a_recording_keeps_no_signature(server, folder, tmp_path):
    document = item(folder, "scene", bands=two_bands())
    for asset in document["assets"].values():
        asset["href"] = asset["href"].replace(str(folder), server.url) + "?sig=TOPSECRET&se=2030"
    document["properties"]["terrascope:catalog"] = "loopback"
    with record(tmp_path / "tape"):
        load([scene_from_item(document)])
    kept = b"".join(p.read_bytes() for p in (tmp_path / "tape").glob("*.json"))
    assert kept
    assert b"TOPSECRET" not in kept


def test_recordings_do_not_nest_and_need_a_folder(tmp_path):
    with pytest.raises(InputError, match="holds no recording"), replay(tmp_path):
        pass
    with record(tmp_path / "a"), pytest.raises(InputError, match="do not nest"), record(tmp_path / "b"):
        pass


def test_tiles_of_one_pass_become_one_date(server, folder):
    t = GRID.transform
    east = PixelGrid(GRID.crs, Affine(10, 0, t.c + 450, 0, -10, t.f), GRID.height, GRID.width)  # overlaps by 5 pixels
    left, right = np.full(GRID.shape, 100, np.uint16), np.full(GRID.shape, 200, np.uint16)
    left[:10] = 0
    scenes = [
        remote_scene(server, folder, "west", bands={"red": (left, {"nodata": 0})}),
        remote_scene(
            server, folder, "east", grid=east, when="2020-06-01T10:00:15Z", bands={"red": (right, {"nodata": 0})}
        ),
    ]
    series = load(scenes, cache=None).optical
    assert series.scene_ids == (("west", "east"),)
    assert series.grid.transform.a == 10
    column, row = (round(v) for v in ~series.grid.transform @ (t.c, t.f))
    red, valid = (v[row : row + 40, column : column + 95] for v in (series.band("red"), series.valid[0]))
    assert (red[10:, :50] == 100).all()
    assert (red[:, 50:] == 200).all()
    assert (red[:10, 45:50] == 200).all()  # where the first tile has nothing, the second gives it
    assert not valid[:10, :45].any()
    assert series.valid.sum() == valid.sum() == 40 * 95 - 450


def test_a_scene_that_cannot_be_read_is_named_or_left_out(server, folder):
    good = remote_scene(server, folder, "good", bands=two_bands())
    bad = remote_scene(server, folder, "bad", when="2021-06-01T10:00:00Z", bands=two_bands())
    path = folder / "bad" / "red.tif"
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(RasterError, match="bad"):
        load([good, bad], cache=None)
    series = load([good, bad], cache=None, on_error="skip").optical
    assert series.scene_ids == (("good",),)
    assert any("left out bad" in n for n in series.notes)


@pytest.mark.parametrize(
    "href", ["/etc/hostname", "/vsicurl/http://10.0.0.1/x.tif", "file:///etc/hostname", "s3://bucket/x.tif"]
)
def test_a_catalogue_cannot_lead_to_files_of_this_machine(server, folder, href):
    document = item(folder, "scene", bands={"red": ramp()})
    document["assets"]["red"]["href"] = href
    document["properties"]["terrascope:catalog"] = "loopback"
    with pytest.raises(UnsafeLink):
        load([scene_from_item(document)], cache=None)


def test_a_description_of_other_files_is_no_raster(server, folder, tmp_path):
    secret = write_band(tmp_path / "secret.tif", ramp(), grid=GRID)
    scene = remote_scene(server, folder, bands={"red": ramp()})
    source = f"<SimpleSource><SourceFilename>{secret}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>"
    (folder / "scene" / "red.tif").write_text(
        f'<VRTDataset rasterXSize="50" rasterYSize="40"><VRTRasterBand dataType="UInt16" band="1">{source}'
        "</VRTRasterBand></VRTDataset>"
    )
    with pytest.raises(CatalogError, match="text"):
        load([scene], cache=None)


def test_coarser_pixels_are_means_and_db_of_mean_power(server, folder):
    power = np.full(GRID.shape, 0.01, np.float32)
    power[:, ::2] = 0.03
    radar = remote_scene(
        server,
        folder,
        "s",
        sensor="sar",
        bands={"vv": (power, {"nodata": 0})},
        **{"terrascope:encoding": "linear_power"},
    )
    seen = load([radar], gsd_m=40, cache=None).sar.band("vv")
    inner = seen[3:-3, 3:-3]
    assert inner == pytest.approx(np.full(inner.shape, 10 * np.log10(0.02)), abs=0.3)


def test_provenance_and_notes_hold_no_query(server, folder):
    scene = remote_scene(server, folder, bands=two_bands())
    stack = load([scene], cache=None)
    assert "?" not in json.dumps([stack.optical.notes, stack.optical.attribution])


def test_pieces_are_read_when_they_are_computed_and_equal_the_whole(server, folder):
    classes = np.full(GRID.shape, 4, np.uint8)
    classes[12:14, 20] = 9  # its edge, 40 m wide, reaches into the pieces around it
    scenes = [
        remote_scene(server, folder, "a", bands=two_bands() | {"scl": classes}),
        remote_scene(server, folder, "b", when="2021-06-01T10:00:00Z", bands=two_bands() | {"scl": classes}),
    ]
    lazy = load_lazy(scenes, chunk_px=16)
    assert lazy.to_xarray()["red"].chunks[1:] == ((16, 16, 8), (16, 16, 16, 2))
    assert not server.requests
    whole = load(scenes, cache=None)
    assert not whole.optical.valid[:, 10:16, 18:23].all()
    assert lazy.to_xarray().compute().identical(whole.to_xarray())
    assert lazy.compute().id == whole.id
    with pytest.raises(AttributeError, match="compute"):
        _ = lazy.id


def test_what_does_not_fit_in_memory_comes_lazily_and_says_so(server, folder, monkeypatch):
    scenes = [remote_scene(server, folder, "a", bands=two_bands())]
    whole = load(scenes, cache=None)
    monkeypatch.setattr("terrascope_sdk.stac.requested._MAX_VALUES", 2 * 40 * 50 - 1)
    with pytest.warns(LoadedLazily, match="LazyStack"):
        made = load(scenes, cache=None)
    assert isinstance(made, LazyStack)
    assert made.optical.compute().identical(whole.to_xarray())
    with pytest.raises(TooLarge, match="at most 3,999"):
        load_whole(scenes)


def test_pieces_of_a_scene_that_cannot_be_read_are_left_unseen_where_that_was_asked_for(server, folder, monkeypatch):
    scenes = [
        remote_scene(server, folder, "a", bands=two_bands()),
        remote_scene(server, folder, "b", when="2021-06-01T10:00:00Z", bands=two_bands()),
    ]
    whole = load(scenes[:1], cache=None)
    (folder / "b" / "red.tif").unlink()
    monkeypatch.setattr("terrascope_sdk.stac.requested._MAX_VALUES", 10)
    with pytest.warns(LoadedLazily):
        made = load(scenes, cache=None, on_error="skip").optical.compute()
    assert not made["valid"].values[1].any()
    assert np.array_equal(made["red"].values[0], whole.optical.band("red"), equal_nan=True)
    with pytest.warns(LoadedLazily):
        strict = load(scenes, cache=None)
    with pytest.raises(TerraScopeError, match="b"):
        strict.optical.compute()


def test_signatures_that_expire_inside_a_long_job_are_made_again(server, folder):
    bands = two_bands() | {"green": ramp(), "blue": ramp()}
    scenes = [remote_scene(server, folder, "a", bands=bands)]
    lazy = load_lazy(scenes, chunk_px=8).to_xarray()
    signer = ShortLived(server)
    server.gate = signer.judge
    access = access_of(scenes[0])
    access._fetcher = Fetcher(server.url, signer=signer)
    got = lazy.compute()
    assert np.isfinite(got["red"].values).sum() == 40 * 50 - 1
    assert len(signer.signed) >= 8
    assert signer.refused >= 4


class ShortLived:
    """Signs links; the first signature of each dies at once, as a stand-in for those that live for minutes."""

    def __init__(self, server):
        self.signed, self.refused, self.left = [], 0, {}

    def sign(self, url):
        first = url not in self.signed
        self.signed.append(url)
        number = str(len(self.signed))
        self.left[number] = 0 if first else 9  # the first signature of a link has expired before it is used
        return f"{url}?sig={number}", None

    def forget(self, url):
        pass

    def judge(self, path, headers):
        number = path.rpartition("sig=")[2]
        if self.left.get(number, 0) <= 0:
            self.refused += 1
            return 403
        self.left[number] -= 1
        return None


def test_pages_that_differ_by_their_token_alone_are_two_answers(tmp_path):
    pages = {token: Ask(f"https://api.test/search?token=next:{token}") for token in ("a", "b")}
    tape = Tape(tmp_path / "tape", "record")
    for token, ask in pages.items():
        tape.keep(ask, Reply(200, {}, token.encode()))
    again = Tape(tmp_path / "tape", "replay")
    assert [again.recall(ask).body for ask in pages.values()] == [b"a", b"b"]
    assert b"next:a" not in b"".join(p.read_bytes() for p in (tmp_path / "tape").glob("*.json"))
