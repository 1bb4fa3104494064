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
    """A worker takes a file at a time; one of them all that is the whole product or a browser, one after the other."""
    rank: dict[pytest.Item, int] = {}
    for item in items:
        place = item.path.relative_to(Path(__file__).parent)
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        system = "system" in place.parts and item.get_closest_marker("beside") is None
        in_turn = system or item.get_closest_marker("alone") or item.get_closest_marker("browser")
        item.add_marker(pytest.mark.xdist_group("in turn" if in_turn else place.stem))
        # The longest come first: begun last, they would leave the other workers nothing to do.
        rank[item] = 0 if in_turn else 1 if item.get_closest_marker("beside") else 2
    items.sort(key=rank.__getitem__)


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
