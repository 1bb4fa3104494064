"""Every room's face: what its stub promises can be had, and nothing else."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("networks", "models", "scenarios", "calibration", "viz", "twin")
FACES = sorted(
    ".".join(stub.parent.relative_to(HOUSE).parts) for room in ROOMS for stub in (HOUSE / room).rglob("__init__.pyi")
)


@pytest.mark.parametrize("face", FACES)
def test_every_promised_name_can_be_had(face: str) -> None:
    room = import_module(face)
    for name in room.__all__:
        assert getattr(room, name) is not None
        assert name in dir(room)


@pytest.mark.parametrize("face", FACES)
def test_other_names_are_refused(face: str) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(face).no_such_name


def test_models_hand_on_all_that_the_flood_models_promise() -> None:
    import models
    import models.flood

    for name in models.flood.__all__:
        assert getattr(models, name) is getattr(models.flood, name)


def test_the_rooms_have_faces() -> None:
    assert {face.split(".")[0] for face in FACES} == set(ROOMS)
