"""Every example is run as people would run it: forward, back, forward again, and once too often."""

from __future__ import annotations

from pathlib import Path

import pytest

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.errors import DriftError, RollbackError
from executor.plan.loader import load
from executor.rendering import script
from executor.rendering.renderer import Renderer

EXAMPLES = sorted(Path("plans/examples").glob("*.yaml"))
REVERSIBLE = [path for path in EXAMPLES if path.stem != "11_irreversible"]


def run(path, dsn):
    return runner.run(load(path), RunOptions(dsn=dsn), lambda event: None)


def rollback(path, dsn):
    return runner.rollback(load(path), RunOptions(dsn=dsn), lambda event: None)


def names(paths):
    return [path.stem for path in paths]


@pytest.mark.parametrize("path", REVERSIBLE, ids=names(REVERSIBLE))
def test_an_example_runs_and_its_rollback_leaves_the_schema_as_it_was(path, database, dump):
    before = dump(database, "--exclude-schema=executor")
    assert run(path, database).status == "succeeded"
    assert dump(database, "--exclude-schema=executor") != before
    assert rollback(path, database).status == "rolled_back"
    assert dump(database, "--exclude-schema=executor") == before
    assert run(path, database).status == "succeeded"
    if load(path).plan.finished_when:
        assert run(path, database).status == "nothing_to_do"
    else:  # nobody asked for it to be done once
        with pytest.raises(DriftError, match="has run already: run 2"):
            run(path, database)


@pytest.mark.parametrize("path", REVERSIBLE, ids=names(REVERSIBLE))
def test_a_printed_example_does_the_same_in_psql(path, database, dump, psql):
    before = dump(database)
    own = Renderer.of(load(path), {}, "20250811_120000")
    done = psql(database, "\n".join(script.forward(own)))
    assert done.returncode == 0, done.stderr
    by_psql = dump(database)
    undone = psql(database, "\n".join(script.rollback(own)))
    assert undone.returncode == 0, undone.stderr
    assert dump(database) == before
    run(path, database)
    assert dump(database, "--exclude-schema=executor") == by_psql


def test_the_irreversible_example_says_where_its_rollback_stops(database):
    path = Path("plans/examples/11_irreversible.yaml")
    assert run(path, database).status == "succeeded"
    with pytest.raises(RollbackError, match="round_amounts can't be undone: the digits"):
        rollback(path, database)


def test_there_are_examples_of_every_step_form():
    forms = {step.form for path in EXAMPLES for step in load(path).plan.steps}
    assert forms == {"once", "for_each", "batches", "repeat"}
    assert len(EXAMPLES) >= 8
