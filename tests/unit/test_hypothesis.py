"""Properties are found out, not timed: the tests pass on a machine that is busy too."""

from hypothesis import HealthCheck, settings


def test_no_property_is_timed() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check
