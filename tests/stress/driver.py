"""Runs the plan, or its rollback, again and again until it is done, whatever is done to it."""

from __future__ import annotations

import random
import re
import time
from contextlib import ExitStack

import psycopg

from tests.stress import faults
from tests.stress.attempt import Attempt, Event
from tests.stress.product import Product
from tests.stress.proxy import proxy
from tests.stress.scenario import LIST_PLAN
from tests.stress.session import World

#: a command that says nothing for so long hangs
SECONDS = 120

#: where something can go wrong that can't elsewhere; the others have the other half of the faults
HOT = ("capture", "copy_rows", "copy_rows", "copy_rows", "discard_touched", "build_indexes", "catch_up", "verify", "prepare_way_back",
       "mark_in_step", "await_snapshots", "add_foreign_keys", "swap", "swap", "end_capture", "release_old", "retain")  # fmt: skip


class Driver:
    """Moves the table there and back."""

    def __init__(self, world: World, product: Product) -> None:
        self.world = world
        self.rng = random.Random(f"{world.scenario.seed} faults")
        self._product = product
        text = (product.directory / LIST_PLAN).read_text(encoding="utf-8")  # the other extends it
        self.steps = re.findall(r"^  - name: (\w+)$", text, flags=re.MULTILINE)

    def migrate(self, most: int) -> None:
        """Run the plan to its end, with up to so many faults; sometimes back first."""
        while not self.world.wrong:
            disturbed = self._attempt("run", self._fault(most))
            most -= 1
            if disturbed is None:
                return
            if disturbed and self.rng.random() < 0.25:
                self.world.counts["back and again"] += 1
                self.undo(self.rng.choice((0, 1)))

    def undo(self, most: int) -> None:
        """Roll the run back, with up to so many faults; sometimes on to its end first."""
        while not self.world.wrong:
            disturbed = self._attempt("rollback", self._fault(most))
            most -= 1
            if disturbed is None:
                return
            if disturbed and self.rng.random() < 0.15:
                if self._may_go_on():
                    self.world.counts["on and back again"] += 1
                    self.migrate(0)
                else:
                    self._refuses_to_go_on()

    def _fault(self, most: int) -> faults.Fault | None:
        return faults.choose(self.world, self.rng) if most > 0 else None

    def _may_go_on(self) -> bool:
        """Whether the rollback can still be given up: what is behind the swap can't be done again."""
        with psycopg.connect(self.world.dsn) as connection:
            text = (
                "SELECT FROM executor.runs AS r JOIN executor.steps AS s ON s.run_id = r.id"
                " WHERE r.status IN ('running', 'failed') AND (s.name = 'swap' AND s.status = 'succeeded'"
                " OR NOT EXISTS (SELECT FROM executor.steps AS u WHERE u.run_id = r.id AND u.status = 'rolled_back'))"
            )
            return connection.execute(text).rowcount > 0

    def _refuses_to_go_on(self) -> None:
        """What is behind the swap can't be done again once that is undone."""
        with psycopg.connect(self.world.dsn) as connection:
            last = "SELECT status FROM executor.runs ORDER BY id DESC LIMIT 1"
            if connection.execute(last).fetchone() == ("rolled_back",):
                return  # it had come to its end: only the answer to its last COMMIT was lost
        attempt = self.start("run", self.world.dsn)
        code = attempt.end(SECONDS)
        if code != 7 and not (code == 4 and self._still_owned(attempt, code)):
            self.world.wrong.append(f"run after half a rollback ended with {code}: {attempt.said}")
        self.world.counts["refused to go on"] += 1

    def start(self, verb: str, dsn: str, *more: str) -> Attempt:
        """Start a command on the scenario's plan."""
        scenario = self.world.scenario
        given = scenario.variables if verb == "run" else []
        command = (verb, scenario.plan, "--dsn", dsn, "--format", "json", *given, *more)
        return Attempt(self._product.start(*command))

    def _attempt(self, verb: str, fault: faults.Fault | None) -> bool | None:
        """One command; None if all is done, else whether a fault has hit it."""
        world = self.world
        with ExitStack() as stack:
            between = (
                stack.enter_context(proxy(world.server.directory)) if fault is faults.cut else None
            )
            name = world.dsn.split("dbname=")[1].split()[0]
            dsn = world.server.dsn(name, between.directory) if between else world.dsn
            attempt = self.start(verb, dsn)
            stack.callback(attempt.kill)
            target = faults.Target(
                world, attempt, self.rng, lambda *more: self.start(verb, world.dsn, *more), between
            )
            allowed: set[int] = set()
            if fault and self._moment(attempt):
                step = attempt.last_step
                allowed = fault(target)
                if allowed:
                    world.counts[fault.__name__] += 1
                    world.notes.append(f"{verb}: {fault.__name__} at {step}")
            code = attempt.end(SECONDS)
            for helper in target.helpers:
                helper.join()
            if code in (None, 1):
                target.hangs(attempt) if code is None else None
                target.wrong(f"{verb} {'hangs' if code is None else 'has a bug'}: {attempt.said}")
            elif (
                code == 5
                and "finished_when failed" in attempt.said
                and "lock timeout" in attempt.said
            ):
                world.counts["began beside a lock"] += 1
            elif self.finds_no_values(attempt, code):
                pass  # the next attempt does
            elif code not in (allowed or {0}) and not self._still_owned(attempt, code):
                after = f" after {fault.__name__}" if fault and allowed else ""
                target.wrong(
                    f"{verb} ended with {code}{after}: {attempt.said or attempt.events[-1:]}"
                )
        if code == 0 or (target.done and code in allowed):
            return None
        return bool(allowed)

    def _still_owned(self, attempt: Attempt, code: int) -> bool:
        """Whether the run is still that of an executor whose sessions the server has not ended yet."""
        if code != 4 or not re.search("belongs to|can't be taken over", attempt.said):
            return False
        self.world.counts["waited for the dead"] += 1
        time.sleep(0.5)
        return self.world.counts["waited for the dead"] < 60

    def finds_no_values(self, attempt: Attempt, code: int | None) -> bool:
        """Whether there is nothing to divide a LIST by: somebody has just truncated the table."""
        if code != 6 or "none that was found" not in attempt.said:
            return False
        self.world.counts["found no values"] += 1
        time.sleep(0.5)
        return self.world.counts["found no values"] < 60

    def _moment(self, attempt: Attempt) -> bool:
        """Wait for a moment of the run; False if it ended before."""
        if not attempt.wait_for(lambda event: event["event"] == "RunStarted", SECONDS):
            return False
        if self.rng.random() < 0.4:
            time.sleep(self.rng.uniform(0, 2))
            return attempt.running
        step = self.rng.choice(HOT if self.rng.random() < 0.6 else self.steps)
        skip, delay = self.rng.choice((0, 0, 1, 3)), self.rng.choice((0, 0, 0.01, 0.05))
        seen = 0

        def wanted(event: Event) -> bool:
            nonlocal seen
            seen += event.get("step") == step
            return seen > skip

        came = attempt.wait_for(wanted, SECONDS)
        time.sleep(delay)
        return came and attempt.running
