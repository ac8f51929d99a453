"""The benchmark's own arithmetic: what it reads, compares, divides and judges."""

import base64
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from bench import machine
from bench.__main__ import bench
from bench.contenders import LIMIT, PORTAL, POSTGRAPHILE, STANDARD
from bench.growth import Growth
from bench.load import Figures, LoadFailed, NoAnswer, Request, lua, read, write_requests
from bench.measuring import Case, Plan, Result, Run
from bench.operations import ACCOUNT_LIST, CONTRACT_PAGE, READS, UPDATE_CONTRACT, VIEWER
from bench.plot import plot
from bench.reading import Reading
from bench.report import Outcome, targets, write
from bench.sameness import difference, normal
from bench.table import results_table
from bench.target import targets_of

PRINTED = '{"requests": 900, "seconds": 3.0, "bytes": 9, "failed": %d, "p50": 1.5, "p99": 9.25}'
ID = UUID("018cc251-fb73-759d-8510-5e4a3ed0452b")


def result(rate: float, p50: float = 1.0, p99: float = 2.0, server_cpu: float = 100.0) -> Result:
    return Result(rate, p50, p99, server_cpu, 50.0)


def test_what_wrk_printed_is_read():
    figures = read(f"Running 3s test\n\n{PRINTED % 0}\n")
    assert figures == Figures(900, 3.0, 1.5, 9.25)
    assert figures.rate == 300


def test_a_run_with_failures_measures_nothing():
    with pytest.raises(LoadFailed, match="3 requests failed, 900 did not"):
        read(PRINTED % 3)
    with pytest.raises(NoAnswer):
        read((PRINTED % 0).replace("900", "0"))
    with pytest.raises(LoadFailed, match="unable to connect"):
        read("", "unable to connect to 127.0.0.1:1")


def test_requests_become_a_table_of_lua(tmp_path: Path):
    assert lua('a "b" \\ \n') == '"a \\"b\\" \\\\ \\n"'
    write_requests([Request("/graphql", {"x-person": "1"}, '{"a": "\\n"}')], tmp_path / "r.lua")
    assert (tmp_path / "r.lua").read_text() == (
        'return {\n{method=\'POST\', path="/graphql", headers={["x-person"]="1"},'
        ' body="{\\"a\\": \\"\\\\n\\"}"},\n}\n'
    )


def test_the_same_in_another_shape_is_the_same():
    ours = {
        "id": base64.b64encode(f"Account:{ID}".encode()).decode(),
        "owner": {"name": "Anna"},
        "terms": {"general": {"days": 14}, "deviating": None},
        "sections": [{"price": "4.50", "at": "2026-11-22T12:00:00.000001Z"}],
    }
    theirs = {
        "id": str(ID),
        "owner": {"_": {"name": "Anna"}},
        "terms_general_days": 14,
        "terms_deviating_days": None,
        "sections": {
            "nodes": [{"price": "4.500000", "at": "2026-11-22T13:00:00.000001+01:00"}],
        },
    }
    assert difference(normal(ours), normal(theirs)) is None


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ({"a": [1, {"b": "3.1"}]}, "a[1].b: '3' and '3.1'"),
        ({"a": [1]}, "a: [1, {'b': '3'}] and [1]"),
        ({"a": [1, {"c": "3"}]}, "a[1]: {'b': '3'} and {'c': '3'}"),
    ],
)
def test_a_difference_is_named(other, where):
    assert difference(normal({"a": [1, {"b": "3.0"}]}), normal(other)) == where


def test_text_that_only_looks_like_an_id_stays():
    assert normal("updateContract") == "updateContract"
    assert normal("PO-1012") == "PO-1012"
    assert normal("2026-11-22") == "2026-11-22"


def test_a_result_has_the_median_of_each_figure():
    runs = [
        Run(Figures(100, 1.0, 3.0, 30.0), 10.0, 1.0),
        Run(Figures(300, 1.0, 1.0, 90.0), 30.0, 2.0),
        Run(Figures(200, 1.0, 2.0, 10.0), 20.0, 9.0),
    ]
    assert Result.of(runs) == Result(200, 2.0, 30.0, 20.0, 2.0)


def test_targets_are_ratios_of_one_run_at_16_connections():
    results = {
        Case(LIMIT, VIEWER, 16): result(1000),
        Case(PORTAL, VIEWER, 16): result(700, p99=3.0),
        Case(POSTGRAPHILE, VIEWER, 16): result(400, p50=4.0),
        Case(PORTAL, VIEWER, 64): result(1),
    }
    found = targets_of(Reading(20_000, results, {"portal": 151.0}), None, None)
    assert [str(target) for target in found] == [
        "pass: viewer, share of the limit's throughput: 0.70, at least 0.6",
        "FAIL: viewer, times PostGraphile's throughput: 1.75, at least 2",
        "pass: viewer, p99 as a share of PostGraphile's p50: 0.75, at most 1",
        "FAIL: memory of a worker after the reading bench, MB: 151.00, at most 150",
    ]


def test_what_was_not_measured_has_no_verdict():
    results = {Case(LIMIT, VIEWER, 16): result(1), Case(STANDARD, VIEWER, 16): result(1)}
    assert targets_of(Reading(50, results), None, None) == []


def test_growth_is_the_cpu_of_one_account_more():
    by_rows = {
        Case(LIMIT, ACCOUNT_LIST, 16, 10): result(1, server_cpu=1),
        Case(PORTAL, ACCOUNT_LIST, 16, 10): result(1, server_cpu=120),
        Case(PORTAL, ACCOUNT_LIST, 16, 50): result(1, server_cpu=1),
        Case(PORTAL, ACCOUNT_LIST, 16, 200): result(1, server_cpu=500),
    }
    growth = Growth(by_rows, {})
    assert growth.cpu_per_account == 2.0
    (target,) = targets_of(None, growth, None)
    assert target.is_met


def test_the_table_divides_by_the_limit_with_as_many_connections():
    table = results_table(
        {
            Case(PORTAL, CONTRACT_PAGE, 1): result(450),
            Case(LIMIT, CONTRACT_PAGE, 1): result(500),
            Case(LIMIT, CONTRACT_PAGE, 16): result(1500),
        }
    )
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
    assert [row[:4] for row in rows] == [
        ["Limit: hand-written statement", "1", "500", "1.00"],
        ["Portal", "1", "450", "0.90"],
        ["Limit: hand-written statement", "16", "1,500", "1.00"],
    ]


def test_the_report_has_its_verdicts_tables_and_plot(tmp_path: Path):
    outcome = Outcome(Plan(5, 4.0, tmp_path), 20_000)
    outcome.reading = Reading(
        20_000,
        {
            Case(contender, operation, 16): result(rate, p99=0.9)
            for operation in READS
            for contender, rate in ((LIMIT, 1000), (PORTAL, 900), (POSTGRAPHILE, 200))
        },
        {"portal": 120.0},
    )
    outcome.changing = {
        Case(LIMIT, UPDATE_CONTRACT, 16): result(100),
        Case(PORTAL, UPDATE_CONTRACT, 16): result(60),
    }
    write(outcome, tmp_path / "benchmark.md", "18.0")
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert targets(outcome) in text
    assert text.count("\n- pass: ") == 11
    assert "FAIL" not in text
    assert "![Throughput as a share of the limit's](benchmark.svg)" in text
    drawn = (tmp_path / "benchmark.svg").read_text(encoding="utf-8")
    assert drawn == plot(outcome.reading.results)
    assert "90%" in drawn
    assert "href=" not in drawn.replace("xlink:href=", "href=").replace('href="#', "")


def test_help_shows_how_to_choose():
    shown = CliRunner().invoke(bench, ["--help"])
    assert shown.exit_code == 0
    assert "python -m bench reading --contender limit" in shown.output


def test_without_wrk_nothing_is_measured_and_it_is_said(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = CliRunner().invoke(bench, ["reading", "--contender", "limit", "--operation", "viewer"])
    assert shown.exit_code == 1
    assert "3 cases, 5 rounds of 4 s each: 1 minutes," in shown.output
    assert shown.output.endswith(
        "bench: wrk is not installed; Debian and Ubuntu have it: apt-get install wrk.\n"
    )


def test_the_cpu_of_ended_children_is_kept():
    busy = "import time; end = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); input()"
    process = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while machine.cpu_seconds(process.pid) < 0.2 and time.monotonic() < deadline:
        time.sleep(0.02)
    while machine.children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert machine.cpu_seconds(process.pid) >= 0.2
    assert machine.memory(process.pid) > 1
    process.communicate(b"\n")
