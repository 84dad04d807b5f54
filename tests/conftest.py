"""Settings of the whole suite: property tests without deadlines (timings are noisy), few threads."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from hypothesis import settings

import tests.typecheck  # noqa: F401  (the jaxtyping hook looks it up as an attribute)

# CI tries the same cases every time; elsewhere each run tries new ones
settings.register_profile("house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

_ELSEWHERE = {
    "servers": "make servers (Debian packages postgresql-15 and postgresql-15-postgis-3)",
    "ui": "make test-ui (Debian package chromium)",
    "notebooks": "make notebooks",
    "slow": "pytest -m slow",
    "released": "pytest -m released, with the released weights",
    "gpu": "pytest -m gpu, on a machine with CUDA",
    "network": "pytest -m network, with the internet",
}


def pytest_terminal_summary(terminalreporter):
    """Say at the end which suites did not run, and how to get them."""
    left = terminalreporter.stats.get("deselected", [])
    for marker, how in _ELSEWHERE.items():
        count = sum(item.get_closest_marker(marker) is not None for item in left)
        if count:
            terminalreporter.write_line(f"not run: {count} tests of {marker!r}: {how}")
