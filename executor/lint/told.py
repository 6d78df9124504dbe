"""Remarks as lines for people, as JSON, as SARIF, and as annotations of GitHub. Pure.

What stands in them may be an attacker's: a pull request's plan says what it likes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from executor import __version__
from executor.formats import counted

from .remarks import Remark

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def lines(remarks: Sequence[Remark], plans: Sequence[str], *, verbose: bool) -> Iterator[str]:
    """For people: a line each, and what it comes to; `verbose` with what is explained."""
    for one in remarks if verbose else unexplained(remarks):
        step = f" {one.step}:" if one.step else ""
        often = f" ({one.times:,} times)" if one.times > 1 else ""
        level = "explained" if one.explained else one.level
        told = one.explained or f"{one.message}{often}"
        yield f"{one.file}:{one.line}: {level}: {one.rule}:{step} {_one_line(told)}"
    left = len(unexplained(remarks))
    beside = f", and {len(remarks) - left} explained" if left < len(remarks) else ""
    yield f"{counted(len(plans), 'plan')}: {counted(left, 'remark')}{beside}"


def unexplained(remarks: Sequence[Remark]) -> list[Remark]:
    """Those for which the plan has no word."""
    return [one for one in remarks if not one.explained]


def records(remarks: Sequence[Remark], plans: Sequence[str]) -> Iterator[dict[str, object]]:
    """For machines: an object each, and one for all."""
    yield from ({"event": "Remark", **asdict(one)} for one in remarks)
    left = len(unexplained(remarks))
    told = {"remarks": left, "explained": len(remarks) - left}
    yield {"event": "Linted", "plans": list(plans), **told}


def commands(remarks: Sequence[Remark]) -> Iterator[str]:
    """For the log of GitHub Actions, which shows them beside the lines."""
    for one in unexplained(remarks):
        title = f"{one.rule} ({one.plan}{f', step {one.step}' if one.step else ''})"
        place = f"file={_property(one.file)},line={one.line},title={_property(title)}"
        yield f"::{one.level} {place}::{_data(_one_line(one.message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(remarks: Sequence[Remark]) -> str:
    """SARIF 2.1.0, for code scanning and editors."""
    rules = {one.rule: one for one in remarks}
    driver = {
        "name": "executor lint",
        "version": __version__,
        "rules": [_rule(name, one) for name, one in rules.items()],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "results": [_result(one, list(rules).index(one.rule)) for one in remarks],
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(name: str, one: Remark) -> dict[str, Any]:
    told: dict[str, Any] = {"id": name, "defaultConfiguration": {"level": one.level}}
    return {**told, "helpUri": one.more} if one.more else told


def _result(one: Remark, number: int) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(one.file)},
        "region": {"startLine": max(one.line, 1)},
    }
    told = {
        "ruleId": one.rule,
        "ruleIndex": number,
        "level": one.level,
        "message": {"text": f"{one.plan}{f', {one.step}' if one.step else ''}: {one.message}"},
        "locations": [{"physicalLocation": place}],
    }
    if one.explained:
        told["suppressions"] = [{"kind": "inSource", "justification": one.explained}]
    return told


def _one_line(text: str) -> str:
    return " ".join(text.split())
