"""README and docs say what the program does: commands, options, exit codes, keys, steps, files."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

from docs import events_schema, references, site, site_check
from docs.plan_reference import reference
from executor import errors
from executor.cli.backups import backups
from executor.cli.main import main
from executor.plan import session_settings
from executor.plan.loader import load

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), ROOT / "sql/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

COMMANDS = {
    **main.commands,
    **{f"backups {name}": command for name, command in backups.commands.items()},
}
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for parameter in command.params
    if isinstance(parameter, click.Option)
    for option in (*parameter.opts, *parameter.secondary_opts)
]


def section(text: str, heading: str) -> str:
    """What stands below a heading, down to the next one."""
    _, found, rest = text.partition(f"\n## {heading}\n")
    assert found, f"there is no section {heading!r}"
    return rest.partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the Markdown tables in a text, without heads."""
    lines = re.sub(r"^\|.*\|\n\| -+ .*\n", "", text, flags=re.MULTILINE).splitlines()
    tables = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in tables]


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_a_row_on_its_page(name):
    assert re.search(rf"`executor {name}[` ]", section(README, "Commands"))
    assert re.search(rf"^\| `executor {name}[` ]", COMMANDS_PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_is_documented(name, option):
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", TEXT), f"executor {name} {option}"


def test_the_readme_is_short():
    assert len(README.splitlines()) < 240


def test_documented_exit_codes_are_those_of_the_program():
    kinds = [errors.ExecutorError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    documented = {int(row[0]) for row in rows(section(COMMANDS_PAGE, "Exit codes"))}
    assert documented == {0} | {kind.exit_code for kind in kinds}


def test_plan_reference_is_generated_from_the_schema():
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/plan.md").read_text(encoding="utf-8")
    assert page == reference(schema), "python -m docs.plan_reference > docs/plan.md"


def test_the_schema_of_events_is_generated_and_each_stands_on_its_page():
    kept = json.loads((ROOT / "docs/events.schema.json").read_text(encoding="utf-8"))
    assert kept == events_schema.schema(), "python -m docs.events_schema > docs/events.schema.json"
    page = (ROOT / "docs/events.md").read_text(encoding="utf-8")
    names = {name for row in rows(page) for name in re.findall(r"`(\w+)`", row[0])}
    assert names == {*kept["$defs"], *events_schema.STATES} - {"Finding"}


@pytest.mark.parametrize("page", references.PAGES)
def test_pages_of_the_program_are_made_from_it(page):
    made = references.PAGES[page]()
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == made, "python -m docs.references"


def test_every_page_is_in_the_navigation_of_the_site():
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    listed = [path for _, path in site.navigation(project["nav"]) if path]
    ours = [path for path in listed if not path.startswith("files/")]
    assert sorted(ours) == sorted(
        page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")
    )
    assert len(listed) == len(set(listed))


def test_the_check_of_the_site_finds_what_leads_nowhere_and_what_is_from_elsewhere(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/index.html").write_text('<h1 id="here">x</h1>', encoding="utf-8")
    (tmp_path / "style.css").write_text('@import "x.css"; a { background: url(https://cdn/x.png) }')
    (tmp_path / "index.html").write_text(
        '<a href="there/#here">1</a><a href="there/#gone">2</a><a href="gone/">3</a>'
        '<a href="https://example.com">4</a><script src="https://cdn/x.js"></script><img src="x.png">',
        encoding="utf-8",
    )
    assert [*site_check.problems(tmp_path)] == [
        "index.html: loads https://cdn/x.js",
        "index.html: there/#gone leads nowhere",
        "index.html: gone/ leads nowhere",
        "index.html: x.png leads nowhere",
        "style.css: loads by @import",
        "style.css: loads https://cdn/x.png",
    ]


def test_links_out_of_docs_become_pages_with_their_lines():
    found: list[Path] = []
    text = "[a](../plans/x.yaml#L3) `[b](c.md)`\n```\n[d](../e.sql)\n```\n[plan](../plans/chunks_100_partitions.yaml#L3)\n"
    told = site.linked(text, ROOT / "docs/plan.md", found)
    assert found == [ROOT / "plans/chunks_100_partitions.yaml"]
    assert told == text.replace(
        "../plans/chunks_100_partitions.yaml#L3",
        "files/plans/chunks_100_partitions.yaml.md#__codelineno-0-3",
    )


def test_every_key_of_a_plan_has_an_example():
    keys = [
        row for row in rows((ROOT / "docs/plan.md").read_text(encoding="utf-8")) if len(row) == 5
    ]
    assert len(keys) > 80
    assert [row[0] for row in keys if not row[4].startswith("[")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_links_lead_somewhere(page):
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("http"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if re.fullmatch(r"L\d+", anchor):
            assert int(anchor[1:]) <= len(target.read_text(encoding="utf-8").splitlines()), link
        else:
            assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_a_file_is_called_what_it_is_called(page):
    """The words of a link to a file end in the file's own name."""
    links = re.findall(
        r"\[([\w./-]+\.(?:sql|md|py|yaml|json))\]\(([^)#\s]+)", page.read_text(encoding="utf-8")
    )
    assert [words for words, path in links if not f"/{path}".endswith(f"/{words}")] == []


def test_the_maps_have_every_folder():
    def folders(directory: Path) -> set[str]:
        inside = {file.relative_to(directory).parts for file in directory.rglob("*.*")}
        return {path[0] for path in inside if len(path) > 1 and not path[0].startswith("__")}

    packages = re.findall(r"^\| `(\w+)/` \|", CONTRIBUTING, flags=re.MULTILINE)
    assert {*packages} - {"plans", "sql", "executor", "tests", "docs", "benchmarks"} == folders(
        ROOT / "executor"
    )
    assert folders(ROOT / "tests") <= {*re.findall(r"`tests/(\w+)/`", CONTRIBUTING)}
    sql = (ROOT / "sql/README.md").read_text(encoding="utf-8")
    named = {*re.findall(r"`(\w+)/`", sql)}
    assert folders(ROOT / "sql") | folders(ROOT / "sql/repartition") <= named


def test_each_cell_about_another_tool_has_its_source():
    """A link to its documentation, or a dash; the first two columns are the row's name and executor."""
    page = (ROOT / "docs/compared.md").read_text(encoding="utf-8")
    defined = re.findall(r"^\[([^\]]+)\]: http", page, flags=re.MULTILINE)
    assert sorted(defined) == sorted(set(re.findall(r"\]\[([\w-]+)\]", page)))
    heads = re.findall(r"^\| \| executor \| .*", page, flags=re.MULTILINE)
    assert sum(head.count("|") - 3 for head in heads) == 10
    tables = page.partition("## Where another")[0]
    lines = [line for line in tables.splitlines() if re.match(r"\| [^|]", line)]
    for line in lines:
        if line.startswith(("| | ", "| ---")):
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        assert len(cells) in (6, 8), line
        assert [cell for cell in cells[2:] if cell not in ("", "—") and "][" not in cell] == [], (
            line
        )


@pytest.mark.parametrize(
    ("language", "file"),
    [("yaml", "plans/examples/05_batches.yaml"), ("sql", "sql/examples/05/fill.sql")],
)
def test_the_example_of_the_readme_is_a_file(language, file):
    found = re.search(rf"```{language}\n(.*?)```", section(README, "A plan"), flags=re.DOTALL)
    assert found
    assert found[1] == (ROOT / file).read_text(encoding="utf-8")


def test_the_guide_has_every_step_of_the_flagship_plan_in_order():
    plan = load(ROOT / "plans/chunks_100_partitions.yaml").plan
    table = rows(section(GUIDE, "The plan, step by step").partition("What you can change")[0])
    named = [name for row in table for name in re.findall(r"`(\w+)`", row[0])]
    assert named == [step.name for step in plan.steps]


def test_the_guide_has_every_variable_of_the_flagship_plan():
    plan = load(ROOT / "plans/chunks_100_partitions.yaml").plan
    table = rows(section(GUIDE, "The plan, step by step").partition("What you can change")[2])
    named = {name: row[1] for row in table for name in re.findall(r"`(\w+)`", row[0])}
    assert list(named) == [variable.name for variable in plan.variables]
    for variable in plan.variables:
        if "{{" not in str(variable.default):
            default = "false" if variable.default is False else str(variable.default) or "none"
            assert named[variable.name].strip("`") == default


def test_the_guide_maps_each_safety_feature_to_steps_and_files():
    table = rows(section(GUIDE, "Safety features and where they are"))
    features = [row[0] for row in table if row[0].startswith("**")]
    assert [feature[2] for feature in features] == list("12345678")
    steps = {step.name for step in load(ROOT / "plans/chunks_100_partitions.yaml").plan.steps}
    for row in table:
        for name in re.findall(r"`(\w+)`", row[1]):
            assert name in steps | {"when"}, row


def test_every_setting_of_a_session_is_documented():
    page = (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    for name in session_settings.DEFAULTS:
        assert f"`{name}`" in page


def test_every_table_of_the_journal_is_documented():
    install = (ROOT / "sql/journal/install.sql").read_text(encoding="utf-8")
    page = (ROOT / "docs/journal.md").read_text(encoding="utf-8")
    for table in re.findall(r"CREATE TABLE (executor\.\w+)", install):
        assert f"| `{table}` |" in page


def test_the_files_that_contributing_names_are_there():
    """Capitals stand for any name: sql/assertions/KIND.sql."""
    paths = re.findall(r"`((?:executor|sql|tests|plans|docs)/[\w./]+)`", CONTRIBUTING)
    missing = [path for path in paths if not [*ROOT.glob(re.sub(r"\b[A-Z]+\b", "*", path))]]
    assert len(paths) > 20
    assert missing == []


def test_what_writing_plans_shows_is_valid():
    """Each block is a plan, or a part of one that needs no more than a description and a step."""
    page = (ROOT / "docs/writing-plans.md").read_text(encoding="utf-8")
    schema = json.loads((ROOT / "schema.json").read_text(encoding="utf-8"))
    blocks = re.findall(r"^```yaml\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    for block in blocks:
        part = yaml.load(re.sub(r"\bon:", "'on':", block), Loader=yaml.SafeLoader)
        step = {"name": "work", "sql": "work.sql", "rollback": "nothing"}
        rest = {"description": "a plan"} | ({} if "extends" in part else {"steps": [step]})
        assert [*Draft202012Validator(schema).iter_errors(rest | part)] == [], block
