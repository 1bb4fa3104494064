"""What several rooms' tests share: the demo city, built once, and one local Ray."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

# Timing is never a test, and two runs of the tests do the same.
settings.register_profile("citytwin", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("citytwin")

# A shell's background job inherits an ignored Ctrl-C, and so would every command that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if TYPE_CHECKING:
    from networks import City
    from scenarios import RayExecutor


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests of the whole product and of pages in a browser; these come first, for they take longest."""
    rank: dict[pytest.Item, int] = {}
    for item in items:
        system = "system" in item.path.relative_to(Path(__file__).parent).parts
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if system and item.get_closest_marker("beside") is None:
            item.add_marker("alone")
        whole = item.get_closest_marker("alone") or item.get_closest_marker("browser")
        rank[item] = 0 if item.get_closest_marker("beside") else 1 if whole else 2
    items.sort(key=rank.__getitem__)  # begun last, the longest would leave the other workers nothing to do


@pytest.fixture(scope="session")
def helsinki(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Central Helsinki, built from the extract that the demo uses."""
    from networks import build_city, demo_extract

    return build_city(demo_extract(), tmp_path_factory.mktemp("cities") / "helsinki", name="Helsinki")


@pytest.fixture(scope="session")
def ray_executor() -> Iterator[RayExecutor]:
    """One local Ray for all tests that need it."""
    from scenarios import RayExecutor

    with RayExecutor() as executor:
        yield executor


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium; tests that need it are skipped, saying how to install it, where it is absent."""
    place = Path("/usr/bin/chromium")
    if not place.exists():
        pytest.skip("Chromium is not here: apt-get install chromium fonts-noto-cjk")
    return place
