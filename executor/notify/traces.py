"""A run as spans of OpenTelemetry: the run, its steps, their iterations; OTEL_* variables ask."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from executor.events import (
    AssertionChecked,
    Event,
    GoingOn,
    IterationFinished,
    Retrying,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    Waiting,
)

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span

    from executor.errors import ExecutorError

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_LONGEST = 5.0  # seconds to send what is left at the end


def wanted() -> bool:
    """Whether the variables name a collector of spans."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    exporters = (os.environ.get("OTEL_TRACES_EXPORTER") or "otlp").split(",")
    return any(map(os.environ.get, _ENDPOINTS)) and not off and "otlp" in exporters


class Traces:
    """Sees events, and makes spans of them; a thread of the library sends them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415
            TraceContextTextMapPropagator,
        )

        _First.instead_of_all("opentelemetry", say)
        named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "executor"}
        self._provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("executor")
        outer = {key: os.environ.get(key.upper(), "") for key in ("traceparent", "tracestate")}
        self._outer = TraceContextTextMapPropagator().extract(outer)
        self._run: Span | None = None
        self._step: Span | None = None

    def __call__(self, event: Event) -> None:
        """Begin, mark or end a span."""
        match event:
            case RunStarted():
                about = {f"table.{name}": table for name, table in event.tables.items()}
                about |= {"plan": event.plan, "direction": event.direction, "server": event.server}
                self._run = self._begin(f"{event.direction} {event.plan}", self._outer, **about)
                self._run.set_attribute("executor.run", event.run)
            case StepStarted():
                self._step = self._begin(event.step, self._within(self._run), step=event.step)
            case IterationFinished():
                self._iteration(event)
            case StepFinished() if self._step:
                self._step.set_attribute("executor.rows", event.rows)
                self._end(self._step, event.status)
                self._step = None
            case RunFinished() if self._run:
                self._end(self._run, event.status)
                self._run = None
            case _:
                self._mark(event)

    def failed(self, error: ExecutorError) -> None:
        """End what is open as failed."""
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        for span in filter(None, (self._step, self._run)):
            span.set_status(StatusCode.ERROR, error.message)
            span.set_attribute("executor.exit_code", error.exit_code)
            self._end(span, "failed")
        self._step = self._run = None

    def close(self, longest: float) -> None:
        """Send what is left, for some seconds at most."""
        # in a thread that nobody has to wait for: a collector may answer late, or never
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        with suppress(KeyboardInterrupt):  # the run has ended; this is for the spans
            sending.join(min(longest, _LONGEST))

    def _begin(self, name: str, within: Context, **about: str) -> Span:
        attributes = {f"executor.{key}": value for key, value in about.items()}
        return self._tracer.start_span(name, within, attributes=attributes)

    def _end(self, span: Span, status: str) -> None:
        span.set_attribute("executor.status", status)
        span.end()

    def _within(self, span: Span | None) -> Context:
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

        return set_span_in_context(span, self._outer) if span else self._outer

    def _iteration(self, event: IterationFinished) -> None:
        """It is told of when it has ended; where it began follows from how long it took."""
        now = time.time_ns()
        span = self._tracer.start_span(
            f"{event.step} {event.number}",
            self._within(self._step or self._run),
            attributes={"executor.number": event.number, "executor.rows": event.rows},
            start_time=now - int(event.seconds * 1e9),
        )
        span.end(now)

    def _mark(self, event: Event) -> None:
        """What happens at a moment, on the span in which it does."""
        span = self._step or self._run
        if span is None:
            return
        match event:
            case AssertionChecked():
                span.add_event("assertion", {"kind": event.kind, "passed": event.passed})
            case Retrying():
                span.add_event("retry", {"reason": event.reason, "attempt": event.attempt})
            case Waiting():
                span.add_event("waiting", {"reason": event.reason})
            case GoingOn():
                span.add_event("going on", {"waited_seconds": event.seconds})


class _First(logging.Handler):
    """Says the first thing that a library complains of, on one line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._say = say
        self._said = False

    @classmethod
    def instead_of_all(cls, name: str, say: Callable[[str], None]) -> None:
        """In the place of whatever else would show it."""
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [cls(say)], False

    def emit(self, record: logging.LogRecord) -> None:
        if not self._said:
            self._said = True
            # of headers that it can't read it shows all, and what one is allowed with
            secret = record.name == "opentelemetry.util.re"
            told = str(record.msg).partition("%")[0] if secret else record.getMessage()
            self._say(f"spans: {told.splitlines()[0]}")
