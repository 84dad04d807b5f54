"""Links are signed late, renewed before they end, and once after a refusal."""

import sys
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from terrascope_sdk.errors import CatalogError, MissingDependency
from terrascope_sdk.stac.transport.fetch import Fetcher
from terrascope_sdk.stac.transport.signing import PlanetaryComputerSigner, SignedLinks, Signer
from tests.stac.range_server import RangeServer
from tests.stac.remote_rasters import ExpiringSigner, at_once

BLOB = "https://account.blob.core.windows.net/container/folder/a.tif"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.mark.enable_socket
def test_a_signature_that_expires_inside_a_job_is_renewed_after_the_refusal(tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(1000))
    signer = ExpiringSigner(lasts=timedelta(days=10_000))
    with RangeServer(tmp_path) as server:
        server.gate = signer.gate
        fetcher = Fetcher(server.url, signer=signer, timing=at_once())
        for at in range(0, 300, 100):
            fetcher.get_range(f"{server.url}/a.bin", at, at + 100)
        signer.valid += 1  # from here on the server refuses what it took before
        assert len(fetcher.get_range(f"{server.url}/a.bin", 300, 400)) == 100
        assert [seen.status for seen in server.requests] == [206, 206, 206, 403, 206]
        assert signer.signed == 2
        signer.valid, signer.stubborn = signer.valid + 1, True
        with pytest.raises(CatalogError, match="signature is refused") as caught:
            fetcher.get_range(f"{server.url}/a.bin", 400, 500)
        assert [seen.status for seen in server.requests][5:] == [403, 403]
        assert "secret" not in str(caught.value)


def test_a_signature_is_renewed_a_minute_before_it_ends():
    clock, signer = Clock(), ExpiringSigner(lasts=timedelta(minutes=45))
    links = SignedLinks(signer, now=clock)
    for minutes, signed in ((0, 1), (43, 1), (44.1, 2)):
        clock.now = signer.now + timedelta(minutes=minutes)
        links.signed("https://example.org/a.tif")
        assert signer.signed == signed


def test_every_signer_is_a_signer():
    assert isinstance(ExpiringSigner(), Signer)
    assert isinstance(PlanetaryComputerSigner(), Signer)


# --------------------------------------------------------------------------------------------- Planetary Computer


class FakePackage:
    """The part of planetary-computer that is used, its tokens by container."""

    def __init__(self, clock):
        self.clock, self.asked = clock, []
        self.TOKEN_CACHE = {"https://sas/account/container": 1, "https://sas/account/other": 2}

    def get_token(self, account, container, *, retry_total, retry_backoff_factor):
        self.asked.append((account, container))
        number = len(self.asked)
        return SimpleNamespace(token=f"se=1&sig=secret{number}", expiry=self.clock() + timedelta(minutes=45))


@pytest.fixture
def package(monkeypatch):
    fake = FakePackage(Clock())
    monkeypatch.setitem(sys.modules, "planetary_computer", SimpleNamespace(sas=fake))
    monkeypatch.setitem(sys.modules, "planetary_computer.sas", fake)
    return fake


def test_one_token_serves_a_container_until_a_minute_before_its_end(package):
    signer = PlanetaryComputerSigner(now=package.clock)
    for name in ("a", "b", "c"):
        url, ends = signer.sign(BLOB.replace("a.tif", f"{name}.tif"))
        assert url.endswith(f"/{name}.tif?se=1&sig=secret1")
        assert ends == package.clock() + timedelta(minutes=45)
    package.clock.now += timedelta(minutes=44, seconds=1)
    assert signer.sign(BLOB)[0].endswith("secret2")
    signer.sign(BLOB.replace("container", "other"))
    assert package.asked == [("account", "container")] * 2 + [("account", "other")]


def test_a_refused_token_is_forgotten_here_and_in_the_package(package):
    signer = PlanetaryComputerSigner(now=package.clock)
    signer.sign(BLOB)
    signer.forget(BLOB)
    assert package.TOKEN_CACHE == {"https://sas/account/other": 2}
    assert signer.sign(BLOB)[0].endswith("secret2")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/container/a.tif",
        "https://account.blob.core.windows.net.example.org/container/a.tif",
        "http://account.blob.core.windows.net/container/a.tif",
        "https://ai4edatasetspublicassets.blob.core.windows.net/assets/a.png",
        f"{BLOB}?se=1&sig=2",
    ],
)
def test_links_that_need_no_signature_stay_as_they_are(package, url):
    signer = PlanetaryComputerSigner(now=package.clock)
    assert signer.sign(url) == (url, None)
    signer.forget(url)
    assert package.asked == []


def test_an_endpoint_that_fails_or_hangs_is_a_typed_error_without_its_address(package, monkeypatch):
    import time

    for failure in (lambda: time.sleep(0.5), lambda: 1 / 0):
        monkeypatch.setattr(package, "get_token", lambda *a, failure=failure, **k: failure())
        with pytest.raises(CatalogError, match="no signature for account/container"):
            PlanetaryComputerSigner(wait_s=0.1).sign(BLOB)


def test_without_the_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "planetary_computer", None)
    monkeypatch.setitem(sys.modules, "planetary_computer.sas", None)
    with pytest.raises(MissingDependency, match=r"terrascope-sdk\[pc\]"):
        PlanetaryComputerSigner().sign(BLOB)


def test_the_real_package_has_what_is_used():
    sas = pytest.importorskip("planetary_computer.sas")
    assert isinstance(sas.TOKEN_CACHE, dict)
    token = sas.SASToken(**{"token": "t", "msft:expiry": "2026-01-01T00:00:00Z"})
    assert (token.token, token.expiry) == ("t", datetime(2026, 1, 1, tzinfo=UTC))
