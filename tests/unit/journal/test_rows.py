"""How far a run is, by the weights of its steps."""

from __future__ import annotations

from executor.journal.rows import Progress, StepRow, progress


def step(weight: float, status: str, seconds: float | None = None, of: tuple[int, int] = (0, 0)):
    """A row of the journal; `of` are the iterations finished and planned."""
    return StepRow("s", 1, "once", "", status, 1, 0, None, seconds, of[1], of[0], weight)


def test_a_plan_without_weights_says_nothing():
    assert progress([step(0, "succeeded", 1.0), step(0, "pending")]) is None


def test_before_a_step_with_a_weight_has_ended_only_the_share_is_known():
    assert progress([step(0, "succeeded", 9.0), step(2, "pending")]) == Progress(0, None, None)


def test_what_is_done_tells_how_long_the_rest_takes():
    steps = [step(1, "succeeded", 3.0), step(1, "pending"), step(2, "pending")]
    assert progress(steps) == Progress(0.25, 3.0, 9.0)


def test_iterations_count_in_part_and_a_single_statement_by_its_time():
    one = step(1, "succeeded", 2.0)
    assert progress([one, step(3, "running", 9.0, (1, 3))]) == Progress(0.5, 2.0, 4.0)
    assert progress([one, step(3, "running", 5.0)]) == Progress(0.25, 2.0, 1.0)
    assert progress([one, step(3, "running", 99.0)]) == Progress(0.25, 2.0, 0.0)


def test_what_is_left_out_counts_nothing_and_a_whole_run_needs_no_forecast():
    assert progress([step(1, "succeeded", 2.0), step(5, "skipped", 0.0)]) is None


def test_what_the_server_was_asked_tells_until_steps_that_are_done_tell_better():
    begun = [step(1, "pending"), step(3, "pending")]
    assert progress(begun, 10.0) == Progress(0, 10.0, 40.0)
    # it counts as if a tenth of the run, a weight of 0.4, had been done at its pace
    done = [step(1, "succeeded", 3.0), step(3, "pending")]
    assert progress(done, 10.0) == Progress(0.25, 5.0, 15.0)
    assert progress([step(0, "pending")], 10.0) is None
