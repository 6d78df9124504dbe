"""A forecast tells what rows take from what a run takes anyway."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from executor.rehearse import forecast
from executor.rehearse.other_size import OtherSize
from executor.rehearse.real import Real
from executor.rehearse.told import _made_of
from executor.rehearse.trial import Rehearsal, Trial


def rehearsal(rows: int, *trials: Trial) -> Rehearsal:
    real = SimpleNamespace(table=SimpleNamespace(rows=rows))
    found = Rehearsal("p", cast(Real, real), "18.0", "of our own", trials=list(trials))
    others = [trial for trial in trials if trial.what not in ("run", "run again")]
    found.other = OtherSize(others[0].what, others[0].rows, "other") if others else None
    return found


def trial(what: str, rows: int, between: float = 0.0, **steps: float) -> Trial:
    return Trial(what, rows, sum(steps.values()) + between, steps, bytes=rows * 10, wal=rows * 20)


def test_only_steps_that_grow_are_drawn_on() -> None:
    found = rehearsal(
        1_000_000,
        trial("run", 10_000, make=3.2, copy=0.4),
        trial("run again", 10_000, between=0.5, make=3.0, copy=0.5),
        # `make` happened to take longer, as it did the first time
        trial("run on more rows", 110_000, between=0.5, make=3.3, copy=1.5),
    )
    assert forecast.steps(found) == pytest.approx(
        {"make": 3.3, "copy": 1.5 + 890_000 / 100_000, "between the steps": 0.5}
    )
    guess = forecast.seconds(found)
    assert guess and guess.best == pytest.approx(14.2)
    assert guess.least < guess.best < guess.most
    assert forecast.wal(found) == pytest.approx(20_000_000)
    assert forecast.disk(found) == pytest.approx(10_000_000)


def test_a_part_is_the_smaller_of_the_two() -> None:
    found = rehearsal(
        2000,
        trial("run", 1000, copy=1.1),
        trial("run again", 1000, copy=1.0),
        trial("run on a part", 100, copy=0.1),
    )
    assert [point.rows for point in forecast.points(found)] == [100, 1000]
    assert forecast.steps(found)["copy"] == pytest.approx(2.0)


def test_what_can_not_be_said_is_not_said() -> None:
    whole = rehearsal(1000, trial("run", 1000, copy=1.0), trial("run again", 1000, copy=1.2))
    guess = forecast.seconds(whole)
    assert guess and guess.best == 1.2
    assert list(_made_of(whole)) == ["- that is what a run of all rows took here"]
    assert forecast.seconds(rehearsal(1000, trial("run", 1000, copy=1.0))) is None
    slower = rehearsal(
        10_000_000,
        trial("run", 1000, copy=4.0),
        trial("run again", 1000, copy=4.36),
        trial("run on more rows", 10_000, copy=3.51),
    )
    told = list(_made_of(slower))
    assert told[0].endswith("1,000 rows (4.36 s in all) and of 10,000 (3.51 s)")
    assert "1,000 times as many rows" in told[1] and "hardly seen" in told[2]
