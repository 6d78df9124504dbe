"""The configuration of a project: executor.toml, or [tool.executor] in pyproject.toml.

A file gives what is the same for every command: where to connect, where the plans are, defaults of
variables, the format, who is told. What changes one run is said on its command line.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from . import files
from .errors import Problem, UsageError
from .plan.model import JsonPath, Place, seconds

OWN, SHARED = "executor.toml", "pyproject.toml"
FORMATS = ("text", "json")
EVENTS = ("started", "holding", "failed", "succeeded", "rolled_back")
VARIABLE = "EXECUTOR_VAR_"  # begins the name of an environment variable with a variable's default

_TABLE = re.compile(rb"^\[tool\.executor[].]", re.MULTILINE)
_CONNECTIONS = ("service", "dsn", "dsn_variable")
_TOP: dict[str, type] = {
    "environment": str, "plans": str, "format": str,
    "variables": dict, "environments": dict, "hooks": list,
}  # fmt: skip
_ENVIRONMENT: dict[str, type] = {**dict.fromkeys(_CONNECTIONS, str), "variables": dict}
_HOOK: dict[str, type] = {
    "on": list,
    "command": list,
    "url_variable": str,
    "timeout": str,
    "environments": list,
}
_WORDS: dict[type, str] = {str: "a text", dict: "a table", list: "a list"}
_LONGEST = 60.0  # seconds that a hook may take
_PASSWORD = re.compile(
    r"(?:password|oauth_client_secret|scram_(?:client|server)_key)\s*=|://[^/@]*:[^/@]*@",
    re.IGNORECASE,
)
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


class Default(NamedTuple):
    """A value for a variable of a plan, and where it is from."""

    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Hook:
    """Who is told of what: a command, or the variable that holds an address."""

    on: tuple[str, ...]
    command: tuple[str, ...] = ()
    url_variable: str = ""
    timeout: float = 10.0  # seconds
    environments: tuple[str, ...] = ()  # none: all

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.command[0] if self.command else f"${self.url_variable}"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file says; an empty one where there is none."""

    file: Path | None = None
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    above: JsonPath = ()  # the table of the file that is ours

    @property
    def directory(self) -> Path:
        """Where relative paths of the file begin."""
        return self.file.parent if self.file else Path()

    @property
    def plans(self) -> Path | None:
        """The directory of the project's plans."""
        return self.directory / self.data["plans"] if "plans" in self.data else None

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """Who is told, in the order of the file."""
        return tuple(map(_hook, self.data.get("hooks", ())))

    def place(self, *path: str | int) -> Place:
        """Where something stands in the file."""
        return Place(str(self.file), _line(self.text, (*self.above, *path)))

    def environment(self, name: str | None) -> Mapping[str, Any]:
        """What is said of an environment; raises UsageError if there is none of this name."""
        known = self.data.get("environments", {})
        if name is None:
            return {}
        if name in known:
            found: Mapping[str, Any] = known[name]
            return found
        if self.file is None:
            raise UsageError(
                f"there is no environment {name!r}: there is no {OWN} here or above",
                hint="it has [environments.NAME] for each; --config FILE names another file",
            )
        listing = ", ".join(known) or "none"
        raise UsageError(
            f"there is no environment {name!r} in {self.file}{nearest(name, known)}",
            hint=f"it has: {listing}",
        )

    def connects(self, name: str | None) -> bool:
        """Whether an environment says where to connect."""
        return not self.environment(name).keys().isdisjoint(_CONNECTIONS)

    def connection(self, name: str) -> tuple[str, Place]:
        """The DSN of such an environment, and where it is from; UsageError if it is not set."""
        found = self.environment(name)
        key = next(key for key in _CONNECTIONS if key in found)
        place = self.place("environments", name, key)
        return _dsn(key, found[key], place), place

    def secrets(self) -> set[str]:
        """The environment variables that the file refers to: what they hold is not passed on."""
        found = [e.get("dsn_variable") for e in self.data.get("environments", {}).values()]
        return {name for name in (*found, *(h.url_variable for h in self.hooks)) if name}

    def defaults(self, name: str | None) -> dict[str, Default]:
        """Defaults of variables: of the process, of the environment, of the file."""
        found = {
            key: Default(value, self.place("variables", key))
            for key, value in self.data.get("variables", {}).items()
        }
        for key, value in self.environment(name).get("variables", {}).items():
            found[key] = Default(value, self.place("environments", str(name), "variables", key))
        for variable, value in os.environ.items():
            if variable.startswith(VARIABLE) and value:  # an empty one is as good as none
                key = variable.removeprefix(VARIABLE).lower()
                problem = _not_a_default(key, value)
                if problem:
                    raise UsageError(f"${variable}: {problem}")
                found[key] = Default(value, Place(f"${variable}", 0))
        return found


def read(given: str | None = None) -> Configuration:
    """The file that is given, or the nearest one upward; raises UsageError for a bad one."""
    if given == os.devnull:
        return Configuration()
    file = _nearest_file() if given is None else Path(given)
    if file is None:
        return Configuration()
    try:
        files.check_directory(file.parent)
        files.check_link(file)  # it could lead to a file of mine that was meant for elsewhere
        text = files.read(file).decode("utf-8-sig")
        files.check_directory(file.resolve().parent)
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = f"it may name commands to run; --config {os.devnull} does without"
        raise UsageError(f"the configuration {file} is not read: {why}", hint=hint) from error
    above: JsonPath = ("tool", "executor") if file.name == SHARED else ()
    if above:
        data = _own_table(data)
        if not isinstance(data, dict):
            raise UsageError(f"{file} has no table [tool.executor]")
    found = Configuration(file, text, data, above)
    if problems := sorted(_problems(found)):
        raise UsageError("\n".join(map(str, problems)))
    return found


def _nearest_file() -> Path | None:
    """The file of the working directory or of one above it, up to the repository's root or home."""
    with suppress(OSError):  # of a working directory that is gone
        here = Path.cwd()
        home = Path("~").expanduser()
        for directory in (here, *here.parents):
            own, shared = directory / OWN, directory / SHARED
            # os.path: what can't be looked at is not there
            names = [own] if os.path.lexists(own) else []
            names += [shared] if _is_ours(shared) else []
            if len(names) > 1:
                raise UsageError(
                    f"{own} and [tool.executor] in {shared} both configure executor",
                    hint="keep one of them",
                )
            if names:
                return names[0]
            if os.path.lexists(directory / ".git") or directory == home:
                break
    return None


def _is_ours(shared: Path) -> bool:
    with suppress(OSError):
        text = shared.read_bytes() if os.path.isfile(shared) else b""  # noqa: PTH113
        try:
            # few have the word, and to read one takes time
            return b"executor" in text and _own_table(tomllib.loads(text.decode())) is not None
        except ValueError:  # no TOML: a mistake is told if it can be in what is ours
            return bool(_TABLE.search(text))
    return False


def _own_table(shared: Mapping[str, Any]) -> Any:
    tool = shared.get("tool")
    return tool.get("executor") if isinstance(tool, dict) else None


def _problems(found: Configuration) -> Iterator[Problem]:
    """Every mistake of a file, where it stands."""

    def problem(message: str, *path: str | int) -> Problem:
        return Problem(*found.place(*path), "", message)

    data = found.data
    tables: list[tuple[JsonPath, Mapping[str, Any], dict[str, type]]] = [((), data, _TOP)]
    environments, hooks = data.get("environments", {}), data.get("hooks", [])
    if isinstance(environments, dict):
        tables += [(("environments", n), e, _ENVIRONMENT) for n, e in environments.items()]
    if isinstance(hooks, list):
        tables += [(("hooks", n), hook, _HOOK) for n, hook in enumerate(hooks)]
    for path, table, known in tables:
        if not isinstance(table, dict):
            yield problem(f"{path[-1]} has to be a table", *path)
            continue
        for key, value in table.items():
            if key not in known:
                yield problem(_unknown(key, known), *path, key)
            elif not isinstance(value, known[key]):
                yield problem(f"{key} has to be {_WORDS[known[key]]}", *path, key)
            elif key == "variables" and isinstance(value, dict):
                for name, default in value.items():
                    if wrong := _not_a_default(name, default):
                        yield problem(f"{name}: {wrong}", *path, key, name)
            elif wrong := _wrong(key, value, data):
                yield problem(wrong, *path, key)
        plans = table.get("plans") if known is _TOP else None
        if isinstance(plans, str) and not (found.directory / plans).is_dir():
            yield problem(f"plans: there is no directory {found.directory / plans}", "plans")
        if known is _ENVIRONMENT and len(table.keys() & set(_CONNECTIONS)) > 1:
            yield problem(f"an environment has one of {', '.join(_CONNECTIONS)}", *path)
        if known is _HOOK and (
            "on" not in table or ("command" in table) == ("url_variable" in table)
        ):
            yield problem("a hook has `on`, and either `command` or `url_variable`", *path)


def _unknown(key: str, known: Mapping[str, type]) -> str:
    if "password" in key.lower():
        return (
            f"{key}: a configuration holds no password; ~/.pgpass, a service of ~/.pg_service.conf"
            " or an environment variable does"
        )
    beside = "" if known is not _TOP else "; every other option is said on a command line"
    return f"unknown key {key!r}{nearest(key, known)} (there are: {', '.join(known)}{beside})"


def _wrong(key: str, value: Any, data: Mapping[str, Any]) -> str:
    """What is wrong with the value of a key whose type is right; empty if nothing is."""
    environments = data.get("environments", {})
    known = environments if isinstance(environments, dict) else {}  # else that is told, too
    match key:
        case _ if value == "":
            return f"{key} is empty"
        case "format" if value not in FORMATS:
            return f"format is {value!r}{nearest(value, FORMATS)}, and has to be text or json"
        case "environment" if value not in known:
            return f"there is no environment {value!r}{nearest(value, known)}"
        case "dsn" if _has_password(value):
            return "dsn holds a password; ~/.pgpass may, or the variable that dsn_variable names"
        case "on" if unknown := [name for name in value if name not in EVENTS]:
            near = nearest(str(unknown[0]), EVENTS)
            return f"on: there is no {unknown[0]!r}{near} (there are: {', '.join(EVENTS)})"
        case "command" if not all(isinstance(word, str) for word in value) or not any(value[:1]):
            return "command has to be a list of texts, one a word; no shell reads it"
        case "environments" if unknown := [name for name in value if name not in list(known)]:
            return f"there is no environment {unknown[0]!r}{nearest(str(unknown[0]), known)}"
        case "timeout" if not 0 < (seconds(value) or 0) <= _LONGEST:
            most = f"{_LONGEST:.0f}s"
            return f"timeout is {value!r}, and has to be a time such as 10s, at most {most}"
    return ""


def _not_a_default(name: str, value: Any) -> str:
    """Why something can't be the default of a variable; empty if it can."""
    if name == "create":
        return "--create is said for one run, and is no default"
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str | int | float) for text in texts):
        return "a variable is a text, a number, true or false, or a list of texts"
    if any(isinstance(text, str) and re.search(r"\{[{%#]", text) for text in texts):
        return "a default that is given from outside a plan is no template"
    return ""


def _has_password(dsn: str) -> bool:
    from urllib.parse import unquote  # noqa: PLC0415 - few files have one

    return bool(_PASSWORD.search(dsn) or _PASSWORD.search(unquote(dsn)))


def _dsn(key: str, value: str, place: Place) -> str:
    if key == "service":
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"service='{quoted}'"
    if key == "dsn":
        return value
    if not (found := os.environ.get(value)):
        raise UsageError(f"{place.file}:{place.line}: the variable {value} is not set, or is empty")
    return found


def _hook(given: Mapping[str, Any]) -> Hook:
    return Hook(
        on=tuple(given["on"]),
        command=tuple(given.get("command", ())),
        url_variable=given.get("url_variable", ""),
        timeout=seconds(given.get("timeout", "10s")) or 0,
        environments=tuple(given.get("environments", ())),
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """The word that was meant, as the end of a sentence; empty if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - for those who have mistyped

    near = get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _line(text: str, path: JsonPath) -> int:
    """The line of a key, or of the nearest table above it that is found; tomllib tells none."""
    table: JsonPath = ()
    best, found = 0, 1
    times: dict[JsonPath, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)([^\[\]]+)\]", line):
            table = _parts(header[2])
            if header[1] == "[[":
                times[table] = times.get(table, -1) + 1
                table = (*table, times[table])
            key = table
        elif pair := _KEY.match(line):
            key = (*table, *_parts(pair[1]))
        else:
            continue
        same = next((n for n, (a, b) in enumerate(zip(key, path, strict=False)) if a != b), None)
        same = min(len(key), len(path)) if same is None else same
        if same > best:
            best, found = same, number
    return found


def _parts(dotted: str) -> JsonPath:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
