"""How the health of a table is shown, and told to Prometheus."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from rich.cells import cell_len
from rich.console import Console

from executor.health import page as health_page
from executor.health import prometheus as metrics
from executor.health.checks import Check, Health, Partition

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
WELL = Check("row_skew", "ok", 0.1, "0.1: even", "never shown")
SICK = Check("misplaced_rows", "critical", 3.0, "3 of all 9 rows", "move them")


def partition(number, rows, *, name=None, status="NORMAL", **more):
    """A partition with what the test does not care about."""
    return Partition(
        schema="public",
        name=name or f"t_part_{number:02}",
        number=None if name else number,
        rows=rows,
        dead_rows=0,
        size_bytes=8192,
        deviation=0.0,
        status=status,
        needs_vacuum=False,
        last_vacuum=more.get("last_vacuum"),
        last_analyze=more.get("last_analyze"),
    )


def health(*partitions, checks=(WELL,), table="public.t"):
    """A look at a table."""
    return Health(table, "db", "LIST (k)", checks, partitions)


def page(found, width=80, *, verbose=False, encoding="utf-8"):
    """The lines of the page, as they come through a pipe."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding)
    health_page.show(found, Console(file=out, width=width), verbose=verbose)
    out.flush()
    return raw.getvalue().decode(encoding).splitlines()


def families(found):
    """The samples of the exposition, as Prometheus' own parser reads them."""
    return {
        family.name: {
            tuple(sample.labels.get(key) for key in ("check", "partition")): sample.value
            for sample in family.samples
        }
        for family in text_string_to_metric_families(metrics.exposition(found))
    }


def test_a_page_to_the_letter():
    found = health(
        partition(0, 16, status="COLD"), partition(1, 64, status="HOT"), checks=(WELL, SICK)
    )
    assert (
        page(found, 60)
        == [
            "public.t in db: critical",
            "LIST (k), 2 partitions, 80 rows, 16 kB",
            "",
            "  ✓  row skew        0.1: even",
            "  ✗  misplaced rows  3 of all 9 rows",
            "                     move them",
            "",
            "Rows of each partition",
            "▲ 1 hot, over 1.2 times the average   ▼ 1 cold, under 0.8 times",
            "00 " + "█" * 13 + " " * 40 + "16 ▼",
            "01 " + "█" * 52 + " 64 ▲",
        ]
        or page(found, 60)[-2:]
    )


@pytest.mark.parametrize("width", [20, 40, 80, 120, 300])
@pytest.mark.parametrize("number", [1, 2, 7, 100, 199, 1000])
def test_a_page_fits_its_width(number, width):
    partitions = [
        partition(n, n * n, status="DEFAULT" if n == 3 else "NORMAL") for n in range(number)
    ]
    lines = page(health(*partitions), width)
    assert max(map(cell_len, lines)) <= width
    assert not any(line.endswith(" ") for line in lines)
    at_80 = {1: 10, 2: 11, 7: 16, 100: 45, 199: 80, 1000: 45}
    assert width < 80 or len(lines) <= at_80[number]


def test_of_many_partitions_the_ends_are_shown():
    lines = page(health(*(partition(n, n) for n in range(1000))))
    assert "Rows of the 50 fullest and the 50 emptiest of 1,000 partitions" in lines
    text = "\n".join(lines)
    assert "\n999 █" in text
    assert "500 █" not in text


def test_partitions_of_other_names_are_told_apart():
    lines = page(
        health(partition(0, 5, name="t_north"), partition(0, 6, name="t_south"),
               partition(0, 1, name="t_" + "wide→界" * 20))
    )  # fmt: skip
    assert [line.split()[0] for line in lines[-3:]] == ["north", "south", lines[-1].split()[0]]
    assert max(map(cell_len, lines)) <= 80


def test_names_do_not_steer_the_terminal_nor_the_markup():
    found = health(
        partition(0, 1, name="a\x1b[31m[bold]x"), partition(0, 1, name="b\n\r"), table="[red]t\x07"
    )
    text = "\n".join(page(found, verbose=True))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[red]t" in text
    assert "[bold]x" in text


def test_where_the_output_is_not_utf_8_it_is_ascii():
    lines = page(health(partition(0, 8, status="HOT"), checks=(WELL, SICK)), encoding="ascii")
    assert "  X  misplaced rows  3 of all 9 rows" in lines
    assert lines[-1].startswith("00 ####")


def test_a_table_without_partitions_or_rows_has_a_page():
    assert page(health())[-1] == "  ✓  row skew  0.1: even"
    assert page(health(partition(0, 0)))[-1].split() == ["00", "0"]


def test_a_line_a_partition():
    ages = {
        timedelta(minutes=5): "5 min ago",
        timedelta(hours=47): "47 h ago",
        timedelta(days=3): "3 d ago",
    }
    for age, word in ages.items():
        moment = datetime.now(UTC) - age
        lines = page(health(partition(7, 1234, last_vacuum=moment)), verbose=True)
        assert lines[-1].split() == [
            "t_part_07",
            "1,234",
            "+0%",
            "0",
            "8.0",
            "kB",
            *word.split(),
            "never",
        ]


def test_the_worst_check_is_the_status():
    unknown = Check("misplaced_rows", "unknown", None, "not known: permission denied", "GRANT")
    assert health().status == "ok"
    assert health(checks=(WELL, unknown)).status == "unknown"
    assert health(checks=(WELL, unknown, SICK)).status == "critical"


def test_prometheus_reads_what_we_write():
    found = families(
        health(partition(1, 5, last_vacuum=NOON), partition(2, 0), checks=(WELL, SICK))
    )
    assert found["executor_health_status"] == {(None, None): 2}
    assert found["executor_health_check_status"] == {
        ("row_skew", None): 0,
        ("misplaced_rows", None): 2,
    }
    assert found["executor_health_check_value"] == {
        ("row_skew", None): 0.1,
        ("misplaced_rows", None): 3,
    }
    assert found["executor_partition_rows"] == {(None, "t_part_01"): 5, (None, "t_part_02"): 0}
    # what never was has no time
    assert found["executor_partition_last_vacuum_timestamp_seconds"] == {
        (None, "t_part_01"): NOON.timestamp()
    }


@pytest.mark.parametrize("name", ['we"ird', "back\\slash", "new\nline", 'all\\"\n', "ü{},=", "\\n"])
def test_labels_are_escaped(name):
    found = health(partition(0, 1, name=name), table=f'public."{name}"')
    assert families(found)["executor_partition_rows"] == {(None, name): 1}
    (family,) = (
        family for family in text_string_to_metric_families(metrics.exposition(found))
        if family.name == "executor_health_status"
    )  # fmt: skip
    assert family.samples[0].labels["table"] == f'public."{name}"'


def test_a_label_holds_no_control_character():
    text = metrics.exposition(health(partition(0, 1, name="a\x1b[2J\x9b\u202e<b>\n")))
    assert not set("\x1b\x9b\u202e") & set(text)
    found = families(health(partition(0, 1, name="a\x1b[2J\x9b\u202e<b>\n")))
    assert found["executor_partition_rows"] == {(None, "a\\x1b[2J\\u009b\\u202e<b>\n"): 1}


def test_a_large_number_keeps_its_digits():
    assert families(health(partition(1, 123456789012)))["executor_partition_rows"] == {
        (None, "t_part_01"): 123456789012
    }
