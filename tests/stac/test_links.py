"""Which links are followed, and what of them may be shown."""

import ipaddress
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import CatalogError, UnsafeLink
from terrascope_sdk.stac.transport.links import (
    checked_addresses,
    checked_link,
    is_public,
    link_key,
    own_addresses,
    without_signature,
)

# ------------------------------------------------------------------------------------------ addresses of files


@pytest.mark.parametrize(
    ("href", "host", "port"),
    [
        ("https://example.org/a/b.tif", "example.org", 443),
        ("HTTP://Example.ORG:8080/b.tif?x=1#f", "example.org", 8080),
        ("https://[2606:4700::1111]/b.tif", "2606:4700::1111", 443),
        ("https://example.org./b.tif", "example.org", 443),
        ("https://example.org/with space/ü.tif", "example.org", 443),
    ],
)
def test_web_links_are_followed(href, host, port):
    link = checked_link(href)
    assert (link.url, link.host, link.port, link.path) == (href, host, port, None)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "/vsicurl/https://example.org/a.tif",
        " /VSIZIP/a.zip",
        "vsis3/bucket/key",
        "//vsicurl/x",
        "\\vsimem\\x",
        "<VRTDataset/>",
        "  <VRTDataset/>",
        "GTIFF_DIR:1:/data/a.tif",
        'NETCDF:"/data/a.nc":b',
        "zip+https://example.org/a.zip!b.tif",
        "ftp://example.org/a.tif",
        "data:image/tiff;base64,AAAA",
        "https://user:word@example.org/a.tif",
        "https://example.org@10.0.0.1/a.tif",
        "https://example.org\\@10.0.0.1/a.tif",
        "https:///a.tif",
        "https://exa mple.org/a.tif",
        "https://exämple.org/a.tif",
        "https://%31%30.0.0.1/a.tif",
        "https://example.org:99999/a.tif",
        "https://example.org:0/a.tif",
        "https://[::1/a.tif",
        "https://example.org/a\n.tif",
        "https://example.org/a\u202e.tif",
        "https://example.org/\x00",
        "file:///etc/passwd",
        "file://server/share/a.tif",
        "/etc/passwd",
        "../../etc/passwd",
    ],
)
def test_everything_else_is_refused_with_a_next_step(href):
    with pytest.raises(UnsafeLink) as caught:
        checked_link(href)
    assert caught.value.hint


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "abfs"])
def test_links_that_need_an_account_are_told_to_look_for_https(scheme):
    with pytest.raises(UnsafeLink, match="https link"):
        checked_link(f"{scheme}://bucket/a.tif")


def test_files_are_read_below_named_folders_only(tmp_path):
    named, other = tmp_path / "named", tmp_path / "other"
    for folder in (named, other):
        folder.mkdir()
        (folder / "a 1.tif").write_bytes(b"x")
    (named / "out.tif").symlink_to(other / "a 1.tif")
    (named / "in.tif").symlink_to(named / "a 1.tif")
    allowed = frozenset({str(named)})
    for href in (str(named / "a 1.tif"), (named / "a 1.tif").as_uri(), f"file://localhost{named}/a%201.tif"):
        assert checked_link(href, allowed=allowed).path == named / "a 1.tif"
    assert checked_link(str(named / "in.tif"), allowed=allowed).path == named / "a 1.tif"
    refused = [named / "out.tif", other / "a 1.tif", named / "../other/a 1.tif", named / "missing.tif"]
    for href in [*map(str, refused), f"file://{named}/%2e%2e/other/a%201.tif", f"file://{named}/a%00.tif"]:
        with pytest.raises(UnsafeLink):
            checked_link(href, allowed=allowed)
    with pytest.raises(UnsafeLink):
        checked_link(str(named / "a 1.tif"))


# ---------------------------------------------------------------------------------------- addresses of hosts

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "[::1]",
    "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "192.0.2.1", "no address",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_recognised_in_every_form(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1", "16843009", "64:ff9b::101:101"]
)
def test_public_addresses_are_recognised(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_is_as_public_as_it_is(address):
    number = int(address)
    hidden = [f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | number)), str(number), hex(number)]
    hidden.append(str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80))))
    assert {is_public(form) for form in hidden} == {is_public(str(address))}


def test_a_host_is_refused_when_any_of_its_addresses_is_private():
    def resolve(host, port):
        return ["1.1.1.1", "10.0.0.1"]

    with pytest.raises(UnsafeLink, match=r"10\.0\.0\.1"):
        checked_addresses("example.org", 443, own=frozenset(), resolve=resolve)
    assert checked_addresses("example.org", 443, own=frozenset({"10.0.0.1"}), resolve=resolve) == [
        "1.1.1.1",
        "10.0.0.1",
    ]


def test_a_host_without_an_address_is_a_catalogue_that_cannot_be_read():
    with pytest.raises(CatalogError, match="no address"):
        checked_addresses("example.org", 443, own=frozenset(), resolve=lambda host, port: [])


def test_numbers_are_never_looked_up():
    def resolve(host, port):
        raise AssertionError(host)

    for host in ("2130706433", "0x7f.1", "127.0.0.1"):
        with pytest.raises(UnsafeLink):
            checked_addresses(host, 80, own=frozenset(), resolve=resolve)


def test_the_users_own_private_catalogue_opens_its_own_address_alone():
    assert own_addresses("nas", 80, lambda host, port: ["192.168.0.7"]) == {"192.168.0.7"}
    assert own_addresses("example.org", 80, lambda host, port: ["1.1.1.1"]) == frozenset()
    assert own_addresses("rebinds.example", 80, lambda host, port: ["1.1.1.1", "127.0.0.1"]) == frozenset()


# ------------------------------------------------------------------------------------------------ signatures

SIGNED = [
    "https://a.blob.core.windows.net/c/b.tif?st=1&se=2&sp=r&sv=3&sr=c&skoid=4&sktid=5&sig=S%2B",
    "https://bucket.s3.amazonaws.com/b.tif?X-Amz-Algorithm=A&X-Amz-Credential=C&X-Amz-Signature=S&x-amz-date=D",
    "https://bucket.s3.amazonaws.com/b.tif?AWSAccessKeyId=K&Signature=S&Expires=9",
    "https://d1.cloudfront.net/b.tif?Policy=P&Signature=S&Key-Pair-Id=K",
    "https://storage.googleapis.com/b.tif?X-Goog-Signature=S&GoogleAccessId=G&Expires=1",
]


@pytest.mark.parametrize("url", SIGNED)
def test_signatures_are_dropped(url):
    assert without_signature(url) == link_key(url) == url.split("?")[0]
    assert "S" not in urlsplit(without_signature(url + "&keep=1")).query
    assert without_signature(url + "&keep=1").endswith("?keep=1")


def test_users_tokens_and_fragments_are_dropped_from_what_is_shown():
    shown = without_signature("https://me:word@example.org/a?api_key=1&access_token=2&token=3&x=4#f")
    assert shown == "https://example.org/a?x=4"


def test_a_page_number_called_token_still_tells_two_pages_apart():
    one, two = (f"https://example.org/search?token=next:{page}&limit=10" for page in "ab")
    assert without_signature(one) == without_signature(two)
    assert link_key(one) != link_key(two)
    assert "next" not in link_key(one)


def test_short_names_are_a_signature_only_beside_one():
    assert link_key("https://example.org/a?sp=1&sv=2") == "https://example.org/a?sp=1&sv=2"


NAMES = st.sampled_from(
    ["sig", "se", "sp", "token", "X-Amz-Signature", "Expires", "Policy", "x", "collections", "api_key"]
)


@given(st.lists(st.tuples(NAMES, st.from_regex("[a-z0-9]{4,9}", fullmatch=True)), max_size=6))
def test_dropping_a_signature_twice_changes_nothing_more_and_keeps_the_rest(fields):
    url = "https://example.org/a.tif?" + "&".join(f"{name}={value}" for name, value in fields)
    shown = without_signature(url)
    assert without_signature(shown) == shown
    kept = dict(parse_qsl(urlsplit(shown).query))
    assert kept.keys() == {name for name, _ in fields} & {"x", "collections"} | (
        {"se", "sp"} & {name for name, _ in fields} if "sig" not in dict(fields) else set()
    )


@given(st.text(max_size=60))
def test_any_text_is_either_a_link_or_refused_as_unsafe(text):
    try:
        link = checked_link(text)
    except UnsafeLink:
        return
    assert link.url.lower().startswith(("http://", "https://"))
