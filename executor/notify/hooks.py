"""The hooks of a configuration: each has a thread of its own, and what it does reaches no run."""

from __future__ import annotations

import json
import logging
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from executor import files
from executor.config import Hook
from executor.errors import ExecutorError, UsageError
from executor.events import Event, RunFinished, RunStarted, Waiting

Facts = Mapping[str, object]

_MOST = 100  # events that may wait for a hook
#: none of these is handed to a command, nor what the configuration refers to
_SECRET = {"PGPASSWORD", "DATABASE_URL", "EXECUTOR_DSN", "EXECUTOR_REHEARSE_ON"}
_ENDS = ("succeeded", "rolled_back")  # of a run, that are told
_LONGEST = 4000  # characters in a variable; the whole is on stdin


class Hooks:
    """Sees events, and hands on what a hook wants to be told."""

    def __init__(
        self,
        hooks: Sequence[Hook],
        environment: str | None,
        directory: Path,
        secrets: set[str],
        say: Callable[[str], None],
    ) -> None:
        self._queues = [_Queue(hook, directory, secrets, say) for hook in hooks]
        self._known: dict[str, object] = {"environment": environment}

    def __call__(self, event: Event) -> None:
        """Hand an event on, if it is one of those that hooks are told of."""
        match event:
            case RunStarted():
                keys = ("plan", "run", "direction", "server")
                self._known |= {key: getattr(event, key) for key in keys}
                self._known["tables"] = dict(event.tables)
                self._tell("started", resumed=event.resumed)
            case Waiting(held=True):
                self._tell("holding", step=event.step, message=event.reason)
            case RunFinished() if event.status in _ENDS:
                message = "; ".join(filter(None, [event.message, *event.warnings]))
                self._tell(event.status, message=message, seconds=round(event.seconds, 3))

    def failed(self, error: ExecutorError) -> None:
        """Hand on that a command has failed, unless it was only given wrongly."""
        plan = error.facts.get("plan", self._known.get("plan"))  # none: it could not be read
        if plan is None or (isinstance(error, UsageError) and "run" not in self._known):
            return
        self._known.setdefault("plan", plan)
        step = getattr(error, "step", None)
        self._tell("failed", step=step, message=error.message, exit_code=error.exit_code)

    def close(self, longest: float) -> None:
        """Let the hooks end what they are at, within the longest of their times."""
        end = time.monotonic() + min(longest, max(q.hook.timeout for q in self._queues))
        for each in self._queues:
            each.close()
        try:
            for each in self._queues:
                each.wait(end)
        except KeyboardInterrupt:  # the run has ended; this is for the hooks
            for each in self._queues:
                each.wait(0)

    def _tell(self, name: str, **more: object) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        facts = {"event": name, "at": at, **self._known, **more}
        facts = {key: value for key, value in facts.items() if value not in (None, "")}
        for each in self._queues:
            if name in each.hook.on:
                each.put(facts)


class _Queue:
    """What one hook is to be told, in its order."""

    def __init__(
        self, hook: Hook, directory: Path, secrets: set[str], say: Callable[[str], None]
    ) -> None:
        self.hook = hook
        self._directory, self._secrets, self._say = directory, secrets, say
        self._waiting: queue.Queue[Facts | None] = queue.Queue(_MOST)
        self._process: subprocess.Popen[bytes] | None = None
        self._left = threading.Event()
        self._done = threading.Event()  # a join that is interrupted takes a thread for dead
        threading.Thread(target=self._work, name=f"hook {hook.name}", daemon=True).start()

    def put(self, facts: Facts) -> None:
        """Let the hook be told; of too much it is not."""
        with suppress(queue.Full):
            self._waiting.put_nowait(facts)

    def close(self) -> None:
        """Nothing more comes."""
        with suppress(queue.Full):
            self._waiting.put_nowait(None)

    def wait(self, end: float) -> None:
        """Until everything is told, or it is the end; what is still at work then is killed."""
        if not self._done.wait(max(0, end - time.monotonic())):
            self._left.set()
            if self._process and self._process.returncode is None:
                _kill(self._process)
            self._say(f"the hook {self.hook.name} is not done, and is not waited for any longer")

    def _work(self) -> None:
        try:
            while (facts := self._waiting.get()) and not self._left.is_set():
                try:
                    wrong = self._call(facts) if self.hook.command else self._send(facts)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is not the run's
                    wrong = f"failed: {type(error).__name__}"
                if wrong:
                    self._say(f"the hook {self.hook.name}, told of {facts['event']}, {wrong}")
        finally:
            self._done.set()

    def _call(self, facts: Facts) -> str:
        """Run the command with facts; returns what went wrong."""
        told = {
            _variable(key): (json.dumps(value) if isinstance(value, bool) else str(value))[
                :_LONGEST
            ]
            for key, value in facts.items()
            if key != "tables"
        }
        secret = _SECRET | self._secrets
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in secret and not (name.startswith("EXECUTOR_") and name.endswith("_DSN"))
        }
        try:
            self._check_program()
            self._process = subprocess.Popen(  # noqa: S603 - the words of the configuration
                self.hook.command,
                cwd=self._directory,
                env={**inherited, **told},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the run
            )
        except OSError as error:
            return f"can't be run: {error.strerror or error}"
        try:
            self._process.communicate(json.dumps(facts).encode() + b"\n", self.hook.timeout)
        except subprocess.TimeoutExpired:
            _kill(self._process)
            return f"was not done after {self.hook.timeout:g} s, and was killed"
        code = self._process.returncode
        return f"ended with {code}" if code else ""

    def _check_program(self) -> None:
        """Raise OSError for a program of the project that others can write, as for its plans."""
        word = self.hook.command[0]
        if "/" in word and not word.startswith("/"):
            program = self._directory / word
            files.check_link(program)
            files.check_directory(program.parent)
            files.read(program, 0)

    def _send(self, facts: Facts) -> str:
        """Send a message to the address that a variable holds; returns what went wrong."""
        address = os.environ.get(self.hook.url_variable)
        if not address:
            return "has no address: the variable is not set, or is empty"
        try:
            import apprise  # noqa: PLC0415 - slow, and an extra
        except ModuleNotFoundError:
            return "needs the extra `notify`: pip install 'sql-plan-executor[notify]'"
        # what it would log repeats the address, which is a secret
        logging.getLogger("apprise").addHandler(logging.NullHandler())
        logging.getLogger("apprise").propagate = False
        sender = apprise.Apprise()
        if not sender.add(address):
            return "has an address that apprise does not know"
        # what a server or a table says is neither markup nor a line of ours
        lines = [f"{k}: {v}".replace("\n", "\n  ") for k, v in facts.items() if k != "event"]
        title = f"executor: {facts.get('plan')} {str(facts['event']).replace('_', ' ')}"
        sent = sender.notify(title=title, body="\n".join(lines), body_format="text")
        return "" if sent else "could not be reached"


def _variable(key: str) -> str:
    return "EXECUTOR_EVENT" if key == "event" else f"EXECUTOR_EVENT_{key.upper()}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    """A command, and what it has begun."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
