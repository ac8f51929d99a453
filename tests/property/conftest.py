"""HYPOTHESIS_PROFILE=thorough tries every property on 10,000 examples."""

import os

from hypothesis import settings

settings.register_profile("thorough", max_examples=10_000, deadline=None)
if profile := os.environ.get("HYPOTHESIS_PROFILE"):
    settings.load_profile(profile)
