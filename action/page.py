"""What the scripts beside it can't do in the shell: read the event, and make the page.

Its texts are others': in the page they are text, and what is printed for the shell is ours.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

MARK = "<!-- executor: plans of this pull request -->"
MOST = 65_000  # characters of a comment; GitHub takes 65,536
_MOST_OF_ONE = 40_000  # of a part, so that the next ones have room
_PAGE = 100  # comments that are asked for at once
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~@&])")
_FOLDED = ("details", "/details")
_VALID = ("0", "6")  # exit codes of lint


class Part(NamedTuple):
    """What is folded below a line; a longer one is cut."""

    title: str
    text: str
    language: str = ""  # of code; empty: Markdown


def event() -> dict[str, Any]:
    """What has happened, as the runner says it."""
    text = Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def origin() -> str:
    """`own`: a pull request of this repository; `fork`: of another; `none`: no pull request."""
    pull = event().get("pull_request")
    if not pull:
        return "none"
    head = (pull.get("head") or {}).get("repo") or {}  # none: the fork is gone
    return "own" if head.get("full_name") == os.environ["GITHUB_REPOSITORY"] else "fork"


def find(author: str, comments: list[dict[str, Any]]) -> str:
    """The number of our comment among some; `more` if there may be others, else `none`.

    Anybody can write the mark, so the author counts, too.
    """
    for comment in comments:
        ours = (comment.get("user") or {}).get("login") == author
        if ours and str(comment.get("body") or "").startswith(MARK):
            return str(int(comment["id"]))
    return "more" if len(comments) == _PAGE else "none"


def compose(directory: Path) -> str:
    """The page: a row for each plan, then what was found and what would be done, folded."""
    plans = [path for path in directory.iterdir() if path.is_dir()]
    plans.sort(key=lambda path: int(path.name))
    lines = [MARK, f"### executor: {_counted(len(plans), 'plan')}", ""]
    lines += ["| plan | valid | remarks | review |", "| --- | --- | --- | --- |"]
    lines += [_row(own) for own in plans]
    if origin() == "fork":
        lines += ["", "From a fork: nothing was asked of a database."]
    page = "\n".join(lines) + "\n"
    # what is short and of every plan first
    parts = [part for make in (_remarks, _review, _script) for own in plans for part in make(own)]
    left_out = 0
    for part in parts:
        text = _folded(part, min(MOST - len(page) - 200, _MOST_OF_ONE))  # 200 for the last line
        page += text
        left_out += not text
    if left_out:
        page += f"\n{_counted(left_out, 'more part')} found no room here.\n"
    return page


def _row(own: Path) -> str:
    code = _text(own / "lint.code")
    told = _linted(own)
    remarks = str(told["remarks"]) if told and code in _VALID else "–"
    if told and told.get("explained"):
        remarks += f" ({told['explained']} explained)"
    review = "–"
    if (own / "review.code").exists():
        failed = _text(own / "review.code")
        review = f"`{_digest(own)}`" if failed == "0" else f"failed, exit code {failed}"
    valid = "yes" if code in _VALID else "**no**" if code == "3" else f"not known, exit code {code}"
    return f"| {_plain(_text(own / 'plan'))} | {valid} | {remarks} | {review} |"


def _digest(own: Path) -> str:
    found = str(json.loads(_text(own / "review.json"))["digest"])
    return re.sub("[^0-9a-f]", "", found)[:12]


def _remarks(own: Path) -> Iterator[Part]:
    found = [item for item in _events(own) if item["event"] == "Remark" and not item["explained"]]
    if found:
        rows = ["| where | rule | what |", "| --- | --- | --- |"]
        for item in found:
            rule = _plain(item["rule"])
            rule = f"[{rule}]({item['more']})" if item["more"] else rule
            place = _plain(f"{item['file']}:{item['line']}")
            rows.append(f"| {place} | {rule} | {_plain(item['message'])} |")
        yield Part(f"{_name(own)}: {_counted(len(found), 'remark')}", "\n".join(rows))
    elif _text(own / "lint.code") not in _VALID:
        yield Part(f"{_name(own)}: why nothing is known", _text(own / "remarks.json.err"), "text")


def _review(own: Path) -> Iterator[Part]:
    if _text(own / "review.code") == "0":
        text = re.sub(r"@(?=\w)", "@\u200b", _text(own / "review.md"))  # calls nobody
        yield Part(f"{_name(own)}: review of the real table", text)
    elif (own / "review.code").exists():
        yield Part(f"{_name(own)}: why there is no review", _text(own / "review.out.err"), "text")


def _script(own: Path) -> Iterator[Part]:
    if text := _text(own / "folded.sql"):
        yield Part(f"{_name(own)}: the script, folded", text, "sql")


def _folded(part: Part, most: int) -> str:
    """A part of so many characters at most; nothing if it would be less than a few lines."""
    text = part.text.strip().replace("\r", "")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1) if part.language else ""
    begin = f"\n<details><summary>{_plain(part.title)}</summary>\n\n"
    begin += f"{fence}{part.language}\n" if fence else ""
    end = f"\n{fence}\n\n</details>\n" if fence else "\n\n</details>\n"
    room = most - len(begin) - len(end) - 100
    if len(text) > room:
        if room < 500:
            return ""
        kept = text[:room].rpartition("\n")[0]
        left = text.count("\n") - kept.count("\n")
        text = f"{kept}\n{'--' if fence else ''} … and {_counted(left, 'more line')}"
        if not fence:  # what a review folds itself is closed, too
            begun, ended = (len(re.findall(f"^<{tag}>", kept, re.MULTILINE)) for tag in _FOLDED)
            text += "\n\n</details>" * (begun - ended)
    return begin + text + end


def _name(own: Path) -> str:
    return _text(own / "plan")


def _linted(own: Path) -> dict[str, Any] | None:
    return next((item for item in _events(own) if item["event"] == "Linted"), None)


def _events(own: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _text(own / "remarks.json").splitlines()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip("\n") if path.exists() else ""


def _plain(text: object) -> str:
    """Text that means itself in Markdown, in a table and between tags, too, and calls nobody."""
    escaped = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", " ".join(str(text).split()))
    return escaped.replace("://", ":&#47;/").replace("www.", "www&#46;")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def main(verb: str, *given: str) -> None:
    """Print what one of the scripts asks for."""
    match verb:
        case "origin":
            print(origin())
        case "number":
            print(int(event()["pull_request"]["number"]))
        case "find":
            print(find(given[0], json.load(sys.stdin)))
        case "body":
            print(json.dumps({"body": Path(given[0]).read_text(encoding="utf-8")[:MOST]}))
        case "compose":
            print(compose(Path(given[0])), end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
