"""A plan and its values as SQL text. Pure: no connection, no clock, no environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self, TypeVar

from executor.errors import PlanError, Problem
from executor.plan import variables
from executor.plan.checks import DONE, FACTS, GIVEN_UP, NOW
from executor.plan.loader import Loaded
from executor.plan.model import MOST_WORKERS, NOTHING, TEMPLATE, Assertion, Place, Step
from executor.templating.names import Name, Sql, literal
from executor.templating.statements import check_step, numberless, single_select, split
from executor.templating.templates import Templates, digest, whole_expression

from .facts import NO_FACTS, Facts
from .iterations import Batch, first_and_last, pass_number

T = TypeVar("T")

_MOST_ROWS = 2**31 - 1  # of a batch, as `executor set` has it

#: kinds of assertion whose templates call functions of session/comparisons.sql
_BY_FUNCTION = frozenset({"checksum_equal", "spot_check"})

#: stands in for the run's timestamp while everything is rendered to find mistakes
ANY_TIMESTAMP = "20000101_000000"


@contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except PlanError as error:
        problems += error.problems


@dataclass(frozen=True, slots=True)
class AssertionSql:
    """A rendered assertion: statements that prepare, and the SELECT of its findings."""

    prepare: str
    query: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A rendered condition of the plan's `throttle`, and what it says of itself."""

    reason: str
    query: str


class Renderer:
    """Renders the parts of one plan with one set of values."""

    def __init__(
        self,
        loaded: Loaded,
        values: Mapping[str, Any],
        facts: Facts = NO_FACTS,
        *,
        keep: bool = False,
    ) -> None:
        self.plan = loaded.plan
        self.templates: Templates = loaded.templates
        self._given = values
        # what the queries of facts see, which are asked before a session has anything
        self.asked_with = {**values, "session": None}
        self.facts = facts
        self.now = facts  # of a rollback: as they were when it began
        self.given_up: Sequence[str] = ()  # of a rollback: what it may do without
        self.found: Facts | None = None  # what the catalog says, where `facts` only stand in
        self.values = {**values, FACTS: facts}
        # a script prints what its digests have rendered; a run has too many batches to keep them
        self._kept: dict[tuple[object, ...], Any] | None = {} if keep else None

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        overrides: Mapping[str, Any],
        timestamp: str,
        facts: Facts = NO_FACTS,
        *,
        keep: bool = False,
    ) -> Self:
        """The renderer of a run's values."""
        values = variables.resolve(loaded.plan, loaded.templates, overrides, timestamp)
        return cls(loaded, values, facts, keep=keep)

    @property
    def subject(self) -> str:
        """The table that the plan is about; empty if it does not say."""
        return str(self.values[self.plan.subject]) if self.plan.subject else ""

    def with_facts(self, facts: Facts) -> Self:
        """The same with other facts."""
        loaded = Loaded(self.plan, self.templates)
        return type(self)(loaded, self._given, facts, keep=self._kept is not None)

    def without_session(self) -> Self:
        """The same for a session that has nothing of what the plan's sessions begin with."""
        own = type(self)(Loaded(self.plan, self.templates), self.asked_with, self.facts)
        own.found = self.found
        return own

    def of_checks(self) -> Self:
        """The same for a step that only looks: it never speaks of facts that stand in."""
        return self if self.found is None else self.with_facts(self.found)

    def questions(self, names: Iterable[str] | None = None) -> str:
        """One SELECT of (fact, rows), rows as jsonb, of the facts of the plan or some of them."""
        asked = [self._question(name) for name in (self.plan.facts if names is None else names)]
        return self.templates.render("script/facts.sql", {"asked": asked})

    def fact_function(self) -> str:
        """What a printed script has to ask for the facts of the plan, one by one."""
        asked = [self._question(name) for name in self.plan.facts]
        tag = Sql(f"executor_{digest(repr(asked))[:8]}")
        return self.templates.render("script/fact.sql", {"asked": asked, "tag": tag})

    def _question(self, name: str) -> dict[str, Any]:
        template = self.plan.facts[name]
        text = self.templates.render(template, self.asked_with)
        source = self.templates.display(template)
        return {"name": name, "sql": Sql(single_select(text, source))}

    def lock(self, step: Step) -> str:
        """What a step sends first; empty if that is nothing."""
        return self._set(step) + self._checked(step, step.lock, {}) if step.lock else ""

    def rollback_lock(self, step: Step) -> str:
        """What the rollback of a step sends first."""
        if not step.rollback_lock:
            return ""
        return self._set(step) + self._checked(step, step.rollback_lock, self._back)

    def sql(self, step: Step, **context: Any) -> str:
        """The SQL of a step, or of one of its iterations; empty if it only asserts."""
        if not step.sql:
            return ""
        late = {NOW: self.now} if step.always else {}
        set_before = "" if step.lock else self._set(step)
        return set_before + self._checked(step, step.sql, {**late, **context})

    def rollback(self, step: Step, **context: Any) -> str:
        """The SQL that undoes a step; empty if it leaves nothing behind."""
        if step.rollback in (None, NOTHING):
            return ""
        set_before = "" if step.rollback_lock else self._set(step)
        return set_before + self._checked(step, str(step.rollback), {**self._back, **context})

    def before_rollback(self, done: Iterable[str] | None = None) -> str:
        """What a rollback does first, where these steps are done (None: all of them)."""
        step = self.plan.before_rollback
        names = [each.name for each in self.plan.steps] if done is None else list(done)
        return self.rollback(step, **{DONE: names}) if step else ""

    @property
    def _back(self) -> dict[str, Any]:
        """What the templates of a rollback see besides."""
        return {NOW: self.now, GIVEN_UP: list(self.given_up)}

    def _set(self, step: Step) -> str:
        """The settings of a step's transaction, said in it where everybody can read them."""
        return "".join(
            f"SET LOCAL {name} = {literal(value)};\n" for name, value in step.settings.items()
        )

    def session(self) -> str:
        """What every session of the plan has before it works; empty if that is nothing."""
        return self.templates.render(self.plan.session, self.values) if self.plan.session else ""

    def judge(self) -> str:
        """What the session that judges assertions has besides; empty if that is nothing."""
        of_steps = chain.from_iterable(step.assertions for step in self.plan.steps)
        asks = any(claim.kind in _BY_FUNCTION for claim in chain(self.plan.verify, of_steps))
        return self.templates.render("session/comparisons.sql", self.values) if asks else ""

    def condition(self, template: str, step: Step | None = None) -> str:
        """One SELECT of one boolean, of a step or of the plan, without its semicolon."""
        key = ("condition", template, repr(step.with_) if step else "")
        return self._once(key, lambda: self._condition(template, step))

    def _condition(self, template: str, step: Step | None) -> str:
        text = self.templates.render(template, self._seen(step))
        return single_select(text, self.templates.display(template))

    def throttle(self) -> tuple[Condition, ...]:
        """The conditions of the plan; the first comment line of a template is its reason."""
        return tuple(map(self._throttle, self.plan.throttle))

    def _throttle(self, template: str) -> Condition:
        lines = self.templates.render(template, self.values).splitlines()
        comments = (line.strip().lstrip("-").strip() for line in lines if line.startswith("--"))
        return Condition(next(comments, self.templates.display(template)), self.condition(template))

    def assertion(self, assertion: Assertion) -> AssertionSql:
        """The SQL of an assertion with its arguments filled in."""
        key = (assertion.kind, repr(assertion))
        return self._once(key, lambda: self._assertion(assertion))

    def _assertion(self, assertion: Assertion) -> AssertionSql:
        template = f"assertions/{assertion.kind}.sql"
        arguments = self._value(assertion.arguments, assertion.place)
        if own := assertion.arguments.get("sql"):
            arguments["sql"] = own  # a template, be it a text of the plan
        values = {**self._seen(assertion), **arguments}
        text = self.templates.render(template, values)
        try:
            statements = split(text, self.templates.display(template))
        except PlanError:
            if own:  # it is wrong in the plan's file, not in ours
                source = self.templates.display(own)
                split(self.templates.render(own, values), source)
                message = f"must be one SELECT without a semicolon: {assertion.kind} is put around"
                raise PlanError([Problem(source, 1, "", message)]) from None
            raise
        if not statements or statements[-1].kind != "select_stmt":
            problem = "the last statement of an assertion must be a SELECT of its findings"
            raise PlanError([Problem(self.templates.display(template), 1, "", problem)])
        prepare = "".join(f"{statement.text};\n" for statement in statements[:-1])
        return AssertionSql(prepare, statements[-1].text)

    def items(self, step: Step) -> list[Any]:
        """The items of a `for_each` step."""
        text = str(step.for_each)
        try:
            if text.endswith(TEMPLATE):
                return list(map(int, self.templates.render(text, self._seen(step)).split()))
            return list(self.templates.expression(whole_expression(text) or text, self.values))
        except (TypeError, ValueError) as error:
            raise self._problem(step.place, f"for_each: {error}") from error

    def context(self, step: Step, item: Any) -> dict[str, Any]:
        """What the template of an iteration sees, from the journal's item."""
        if step.form == "repeat":
            return pass_number(item)
        if step.form == "batches":
            ends = item["first_block"], item["end_block"], item.get("filenode")
            return {"batch": Batch(Name(item["schema"], item["name"]), *ends)}
        return {"item": self.facts.record(item)}

    def workers(self, step: Step) -> int:
        """How many connections run the step's iterations."""
        return self._count(step.workers, step.place, "workers", MOST_WORKERS)

    def weight(self, step: Step) -> float:
        """How long the step takes beside the others."""
        value = self._value(step.weight, step.place)
        with suppress(ValueError, TypeError):
            if 0 <= (weight := float(value)) < float("inf"):
                return weight
        raise self._problem(step.place, f"weight: {value!r} is not a number from 0")

    def batch_table(self, step: Step) -> tuple[Name, int]:
        """The table of a `batches` step and the rows that a batch shall have."""
        assert step.batches is not None  # for the type checker
        table = self._value(step.batches.table, step.place)
        try:
            name = table if isinstance(table, Name) else Name.parse(str(table))
        except ValueError as error:
            raise self._problem(step.place, str(error)) from error
        return name, self._count(step.batches.rows, step.place, "rows", _MOST_ROWS)

    def contexts(self, step: Step) -> Iterator[dict[str, Any]]:
        """What the iterations of a step see beside the values, as far as no server is needed."""
        match step.form:
            case "for_each":
                yield from ({"item": item} for item in self.items(step))
            case "batches":
                yield {"batch": Batch(self.batch_table(step)[0], whole=True)}
            case "repeat":
                yield pass_number(1)
            case "once":
                yield {}

    def digest(self, step: Step, *, briefly: bool = False) -> str:
        """What the journal has to notice that a step was edited; `briefly` of two numbers."""
        self.weight(step)
        self.workers(step)  # no part of what the step does, but wrong before it begins
        parts = [step.form, step.isolation, str(step.transaction)]
        forth, back = list(self.contexts(step)), list(self.rollback_contexts(step))
        if briefly:
            forth, back = first_and_last(forth), first_and_last(back)
        parts += [self.sql(step, **context) for context in forth]
        parts += [self.rollback(step, **context) for context in back]
        parts += filter(None, [self.lock(step), self.rollback_lock(step), *step.recheck])
        for assertion in step.assertions:
            rendered = self.assertion(assertion)
            parts += [assertion.severity, rendered.prepare, rendered.query]
            parts += filter(None, [assertion.unknown])
        parts += [self.condition(asked, step) for asked in (step.when, step.skip) if asked]
        if step.repeat:
            parts.append(self.condition(step.repeat.until, step))
        return digest("\0".join(parts))

    def rollback_contexts(self, step: Step) -> Iterator[dict[str, Any]]:
        """What the rollback of a step sees: each item of for_each, last first; else once."""
        if step.form == "for_each":
            yield from ({"item": item} for item in reversed(self.items(step)))
        else:
            yield {}

    def check(self) -> None:
        """Render every template; raises PlanError with all that can't be rendered."""
        self.digests(briefly=True)

    def digests(self, *, briefly: bool = False) -> dict[str, str]:
        """Renders everything; raises PlanError with all that can't be rendered."""
        problems: list[Problem] = []
        result: dict[str, str] = {}
        for step in self.plan.steps:
            with _collected(problems):
                result[step.name] = self.digest(step, briefly=briefly)
        asked: list[tuple[str | None, Step | None]] = [
            (template, None)
            for template in (self.plan.finished_when, self.plan.pace, *self.plan.throttle)
        ]
        for step in self.plan.steps:
            small = step.together.small if step.together else None
            asked += ((by, step) for by in (step.retry.blockers, step.order, step.skip, small))
        for template, by in asked:
            with _collected(problems):
                if template:
                    self.condition(template, by)
        with _collected(problems):
            for done in (None, ()):
                self.before_rollback(done)
        for assertion in self.plan.verify:
            with _collected(problems):
                self.assertion(assertion)
        if problems:
            raise PlanError(list(dict.fromkeys(problems)))
        return result

    def _checked(self, step: Step, template: str, context: Mapping[str, Any]) -> str:
        def checked() -> str:
            text = self.templates.render(template, {**self._seen(step), **context})
            if self.templates.is_inline(template):  # people leave the last semicolon out
                text = f"{text.rstrip().removesuffix(';')};\n"
            # what differs in numbers alone is read once
            sound = (step.transaction, numberless(text))
            if sound not in self.templates.sound:
                source = self.templates.display(template)
                check_step(split(text, source), source, transaction=step.transaction)
                self.templates.sound.add(sound)
            return text

        key = (template, step.transaction, repr(context), repr(step.with_), id(context.get(NOW)))
        return self._once(key, checked)

    def _seen(self, by: Step | Assertion | None) -> Mapping[str, Any]:
        """What the templates of a step see: the values, and the arguments of its `with`."""
        if by is None or not by.with_:
            return self.values
        return {**self.values, **self._value(by.with_, by.place)}

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What was made before under the same key, if that is kept."""
        if self._kept is None:
            return make()
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def _value(self, given: Any, place: Place) -> Any:
        try:
            return self.templates.value(given, self.values)
        except ValueError as error:
            raise self._problem(place, str(error)) from error

    def _count(self, given: str | int, place: Place, what: str, most: int) -> int:
        value = self._value(given, place)
        if isinstance(value, str) and value.isdecimal() and len(value) <= len(str(most)):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            # Python refuses to write a number of thousands of digits
            huge = isinstance(value, int) and abs(value) > 10**60
            shown = "so large a number" if huge else repr(value)
            message = f"{what}: {shown} is not a whole number from 1 to {most:,}"
            raise self._problem(place, message)
        return value

    def _problem(self, place: Place, message: str) -> PlanError:
        return PlanError([Problem(*place, "", message)])
