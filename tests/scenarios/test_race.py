"""Racing: the better candidates get more seeds, an invalid run loses, and the state of things is always judged."""

import math

from scenarios.searches.race import race


def test_the_best_candidate_wins_and_the_worst_are_dropped_early() -> None:
    asked: list[tuple[str, int]] = []

    def score(pairs: list[tuple[str, int]]) -> list[float]:
        asked.extend(pairs)
        return [{"as it is": 10.0, "a": 9.0, "b": 5.0, "c": 20.0, "d": 30.0}[name] + seed for name, seed in pairs]

    raced = race(["as it is", "a", "b", "c", "d"], [1, 2, 3], score)
    assert raced[0].name == "b"
    assert raced[0].scores == (6.0, 7.0, 8.0)
    runs = {name: sum(1 for one, _ in asked if one == name) for name in ("as it is", "c", "d")}
    assert runs == {"as it is": 3, "c": 1, "d": 1}


def test_an_invalid_run_cannot_win() -> None:
    def score(pairs: list[tuple[str, int]]) -> list[float]:
        return [math.nan if name == "a" else 10.0 for name, _ in pairs]

    raced = race(["as it is", "a"], [1, 2], score)
    assert raced[0].name == "as it is"
    assert raced[-1].mean == math.inf


def test_luck_on_the_first_seed_is_found_out_on_the_next() -> None:
    table = {("as it is", 1): 10.0, ("as it is", 2): 10.0, ("lucky", 1): 1.0, ("lucky", 2): 40.0, ("x", 1): 50.0}
    raced = race(["as it is", "lucky", "x"], [1, 2], lambda pairs: [table[pair] for pair in pairs])
    assert raced[0].name == "as it is"
