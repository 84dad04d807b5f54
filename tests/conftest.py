"""Settings of the whole suite: property tests without deadlines (timings are noisy), few threads."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from hypothesis import settings

import tests.typecheck  # noqa: F401  (the jaxtyping hook looks it up as an attribute)

# CI tries the same cases every time; elsewhere each run tries new ones
settings.register_profile("house", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")
