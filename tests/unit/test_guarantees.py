"""Each sentence that README, docs/guarantees.md and the first page promise has tests that try to falsify it: here they are named."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: what is promised, and who tries to show that it is not so
GUARANTEES = {
    "No extension. Nothing is installed on the server; it runs on PostgreSQL 14 to 18, hosted or your own.": [
        "test_there_and_back_without_a_superuser",
    ],
    "No superuser. It runs as the role that owns the table, and prefers that.": [
        "test_there_and_back_without_a_superuser",
        "test_the_owners_code_is_refused_by_name",
    ],
    "No telemetry. It connects to your database and to nothing else, unless you configure something that does.": [
        "test_a_page_can_be_followed",
    ],
    "Resumes after eviction. A step, or a batch of one, is one transaction together with its row in the journal: after"
    " SIGTERM, a kill or a lost connection the same command goes on where it stopped.": [
        "test_a_signal_cancels_on_the_server_and_the_run_resumes",
        "test_sessions_that_an_administrator_ends",
        "test_a_killed_run_is_finished_by_the_next_one",
    ],
    "No write is lost: not during the migration, not in the swap, not by a rollback after days.": [
        "test_writes_at_every_stage_arrive_and_go_back",
        "test_what_is_written_past_the_table_is_logged_too",
        "test_what_a_trigger_keeps_from_a_foreign_key_is_kept",
        "test_nothing_is_lost",
    ],
    "What is swapped in is proven equal, in every column of every row; what is sent can be read first.": [
        "test_a_fault_in_the_new_table_is_found",
        "test_what_is_written_to_the_new_table_by_name_is_mended",
    ],
    "Whatever fails, the state is known, nothing is done twice, and `run` goes on or `rollback` undoes.": [
        "test_a_killed_run_is_finished_by_the_next_one",
        "test_a_killed_run_is_undone_by_a_rollback",
        "test_a_full_disk_stops_the_run_and_no_more",
    ],
    "Whoever can write or name a table does not become whoever runs executor.": [
        "test_the_owners_code_is_refused_by_name",
        "test_code_that_comes_while_the_plan_runs_is_refused",
        "test_a_journal_that_another_role_made_beforehand",
        "test_a_registry_of_another_role_is_named_and_left",
        "test_no_definition_ends_a_statement_and_begins_another",
        "test_names_are_only_names",
    ],
    "Everything that will be sent can be read first. What `render --print-sql` prints is what runs.": [
        "test_the_script_of_every_plan_is_sql_and_always_the_same",
        "test_what_is_printed_does_the_same_in_psql",
    ],
    "A step, or one iteration of it, is one transaction: its SQL, its assertions and its row in the journal commit"
    " together or not at all. Where a plan says `together`, several small iterations are one transaction, with all their"
    " rows in the journal. A killed run goes on where it stopped.": [
        "test_a_step_its_assertions_and_its_journal_row_commit_together",
        "test_a_killed_run_is_finished_by_the_next_one",
    ],
    "Two executors can't work on one run. The one that lost it can't commit anything any more.": [
        "test_a_second_run_is_refused_and_the_first_goes_on",
        "test_an_executor_that_wakes_up_after_a_take_over_changes_nothing",
    ],
    "A value given by `--var` is quoted or refused.": [
        "test_nothing_quoted_leaves_its_line_or_makes_a_dollar_quote",
        "test_a_name_leaves_no_comment_of_a_plans_own_template",
    ],
    "Code of the table's owner does not run with the rights of a more powerful role,": [
        "test_the_owners_code_is_refused_by_name",
        "test_code_that_comes_before_a_rollback_is_refused",
        "test_code_of_the_table_s_owner_does_not_run_for_a_superuser_who_restores",
    ],
    "and what the plan makes is granted to nobody else.": [
        "test_what_the_plan_makes_is_nobody_elses",
        "test_nobody_gets_grants_in_the_journal_by_default",
    ],
    "The flagship plan drops nothing of yours. Backup and old table stay until you end their retention, and the only"
    " verified backup stays even then.": [
        "test_a_cleanup_drops_nothing_of_others_because_an_entry_names_it",
        "test_the_backup_that_stays_is_the_one_that_was_read",
    ],
    "Every write during the migration is captured, in the writer's own transaction, and arrives. So is what a foreign key"
    " does to the table that is not in use, and what somebody writes to it by its name.": [
        "test_the_key_of_every_written_row_is_logged",
        "test_what_would_not_be_logged_stops_the_swap",
        "test_a_subscription_made_after_the_check_stops_the_swap",
        "test_what_a_trigger_keeps_from_a_foreign_key_is_kept",
    ],
    "It swaps only when both tables are equal in every column of every row: compared in one snapshot, and for what was"
    " written since, under the lock.": [
        "test_a_fault_in_the_new_table_is_found",
        "test_what_is_written_to_the_new_table_by_name_is_mended",
        "test_a_session_that_cannot_be_seen_counts",
    ],
    "The swap holds its lock for a moment (28 to 58 ms were measured, beside 775 writes a second on a small machine),"
    " and gives up rather than hold it longer than you allow (`max_lock`, 500 ms). It waits 200 ms for a lock at most,"
    " then lets the others pass.": [
        "test_the_swap_gives_up_its_lock_rather_than_hold_it_too_long",
        "test_an_executor_that_is_frozen_under_the_lock_gives_it_back",
    ],
    "After the swap, what is written is captured for the way back. A rollback loses no write, whether it comes after a"
    " minute or after days.": [
        "test_the_way_back_is_proven_at_any_time",
        "test_an_old_table_that_something_has_written_to_does_not_come_back",
        "test_no_rollback_with_triggers_that_are_not_those_of_the_swap",
    ],
}


def said() -> str:
    """What is promised, in short and in detail, without links and line breaks."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
    short = readme.partition("In six lines:")[2].partition("- Not guaranteed:")[0]
    first = (ROOT / "docs/index.md").read_text(encoding="utf-8").partition("\nAnd: ")[0]
    first = first.partition("reads and writes**.")[2].replace("**", "")
    whole = first + short + page.partition("## Guaranteed")[2].partition("## Not guaranteed")[0]
    return re.sub(r"\s+", " ", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", whole))


def test_each_sentence_of_the_guarantees_has_its_tests():
    left = said()
    for sentence in sorted(GUARANTEES, key=len, reverse=True):
        assert sentence in left, sentence
        left = left.replace(sentence, "")
    assert left.replace("-", "").strip() == ""


def test_the_tests_are_there():
    files = [*(ROOT / "tests").rglob("test_*.py")]
    known = set(re.findall(r"^def (test_\w+)", "".join(map(Path.read_text, files)), re.MULTILINE))
    assert {name for names in GUARANTEES.values() for name in names} <= known
