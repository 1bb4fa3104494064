"""An executor that was stopped starts no workers again, whoever still has it in hand."""

from __future__ import annotations

import pytest

from networks.errors import EngineFailed
from scenarios import SerialExecutor
from twin.serving.stoppable import Stoppable


def test_work_is_handed_on_until_it_is_stopped() -> None:
    one, told = Stoppable(SerialExecutor()), list[int]()
    assert one.map(lambda item: item * 2, [1, 2], lambda _index, result: told.append(result)) == [2, 4]
    assert told == [2, 4]
    one.close()
    with pytest.raises(EngineFailed, match="stopping"):
        one.map(lambda item: item, [1])
