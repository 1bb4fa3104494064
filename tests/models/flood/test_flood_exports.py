"""The public face of the flood models."""

from __future__ import annotations

import pytest

import models
import models.flood


def test_every_name_that_is_promised_can_be_had() -> None:
    for name in models.flood.__all__:
        assert getattr(models.flood, name) is not None
        assert getattr(models, name) is getattr(models.flood, name)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tsunami'"):
        models.flood.tsunami  # noqa: B018
