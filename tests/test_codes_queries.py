"""`python -m bot codes search, show, together`: lines for people, JSON for programs, a sentence for what can't be done."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codes import databases, shell
from tests.codes.shell import call, data, refused
from tests.test_command_line import ROOT

content_folder, codes_folder = databases.content_folder, databases.codes_folder
folder_of_all = databases.folder_of_all
alone, own, own_of_all = shell.alone, shell.own, shell.own_of_all


# Searching.


def test_search_prints_a_line_for_each_hit(own_of_all: Path):
    first, second = call("search", "J1100", "--limit", "2").stdout.splitlines()
    assert first.startswith("ICD-10-CM       J11.00     Influenza due to unidentified influenza virus with")
    assert second.startswith("HCPCS Level II  J1100      Injection, dexamethasone")


def test_search_marks_headers_and_what_is_not_valid(own_of_all: Path):
    assert "[header]" in call("search", "E11", "--limit", "1").stdout
    assert "(ended 2026-09-30)" in call("search", "S23.420A", "--on", "2026-11-21").stdout
    assert "(from 2026-10-01)" in call("search", "D69.11", "--on", "2026-09-30").stdout


def test_search_gives_json(own: Path):
    found = data("search", "hypertension", "--limit", "3", "--on", "2026-06-01")
    assert found["query"] == "hypertension"
    assert len(found["hits"]) == 3
    assert found["hits"][0] == {
        "system": "ICD-10-CM",
        "code": "I10",
        "title": "Essential (primary) hypertension",
        "billable": True,
    }


@pytest.mark.parametrize("system", ["HCPCS", "hcpcs level ii", "HCPCS-Level-II"])
def test_search_keeps_to_a_system(own_of_all: Path, system: str):
    hits = data("search", "J1100", "--system", system)["hits"]
    assert [(hit["system"], hit["code"]) for hit in hits] == [("HCPCS Level II", "J1100")]


def test_search_reads_queries_from_standard_input_and_answers_each_in_a_line(own: Path):
    queries = ["hypertension", "E11.9", "", "qqqqqqqq", "“”", "a | b"]
    result = call("search", "-", "--limit", "2", "--on", "2026-06-01", stdin="\n".join(queries) + "\r\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == queries
    assert [hit["code"] for hit in answers[1]["hits"]] == ["E11.9"]
    assert answers[2]["hits"] == answers[3]["hits"] == []
    assert answers[0]["hits"][0]["code"] == "I10"


def test_search_answers_a_pipe_before_it_is_closed(own: Path, content_folder: Path, tmp_path: Path):
    """As a program uses it: a real process, asked twice, answering in between."""
    environment = {"CODES_PATH": str(own), "CONTENT_PATH": str(content_folder), "PYTHONPATH": str(ROOT), "PATH": ""}
    command = [sys.executable, "-m", "bot", "codes", "search", "-", "--limit", "1"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for query, code in (("e119", "E11.9"), ("I10", "I10")):
            process.stdin.write(f"{query}\n")
            process.stdin.flush()
            assert [hit["code"] for hit in json.loads(process.stdout.readline())["hits"]] == [code]
        process.stdin.close()
    assert process.returncode == 0


# Showing.


def test_show_tells_everything_as_json(own: Path):
    [page] = data("show", "e11.21", "--on", "2026-06-01")
    assert (page["system"], page["code"], page["level"], page["billable"]) == ("ICD-10-CM", "E11.21", "code", True)
    assert [above["code"] for above in page["path"]] == ["Chapter 4", "E08-E13", "E11", "E11.2"]
    assert page["valid_on"] == {"date": "2026-06-01", "valid": True}
    note = next(note for note in page["notes"] if note["text"] == "type 1 diabetes mellitus (E10.-)")
    assert (note["kind"], note["at"]) == ("excludes1", "E11")
    assert page.keys() >= {
        "title",
        "release",
        "notes_from",
        "since",
        "until",
        "seventh_characters",
        "children",
        "facts",
    }
    assert [version["until"] for version in page["versions"]] == [None]


def test_show_tells_everything_as_text(own: Path):
    text = call("show", "S06.0X0", "--on", "2026-06-01").stdout
    assert text.startswith("ICD-10-CM S06.0X0  Concussion without loss of consciousness\nheader, not billable\n")
    assert "7th character D: subsequent encounter" in text
    assert "> S06.0X0A " in text
    assert "excludes1 (at S06): head injury NOS (S09.90)" in text


def test_show_tells_each_system_that_has_the_code(own_of_all: Path):
    assert [page["system"] for page in data("show", "J1100")] == ["ICD-10-CM", "HCPCS Level II"]


def test_show_tells_the_versions_of_a_code(own_of_all: Path):
    [page] = data("show", "D69.1", "--on", "2026-11-21")
    assert [(one["level"], one["since"], one["until"]) for one in page["versions"]] == [
        ("code", None, "2026-09-30"),
        ("header", "2026-10-01", None),
    ]
    assert page["billable"] is False
    [before] = data("show", "D69.1", "--on", "2026-09-30")
    assert before["billable"] is True


# Two codes.


def test_together_gives_the_verdict_and_its_notes(own: Path):
    answer = data("together", "e1121", "E10.9", "--on", "2026-06-01")
    assert (answer["first"], answer["second"], answer["verdict"]) == ("E11.21", "E10.9", "excluded")
    assert {(note["at"], note["kind"], note["of"], note["covers"]) for note in answer["notes"]} == {
        ("E11", "excludes1", "E11.21", "E10.9"),
        ("E10", "excludes1", "E10.9", "E11.21"),
    }
    text = call("together", "E11.21", "E10.9", "--on", "2026-06-01").stdout
    assert text.startswith("E11.21 and E10.9: Not together: an Excludes1 note")


# What can't be done.


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["search", "qqqqqqqq"], "Nothing found for “qqqqqqqq”."),
        (["search", ""], "Nothing found for “”."),
        (["search", "x", "--system", "SNOMED"], "There is no code set SNOMED; there are ICD-10-CM, "),
        (["search", "x", "--on", "soon"], "soon is not a date; write it like 2026-11-21."),
        (["show", "I10", "--on", "2026-02-30"], "2026-02-30 is not a date; write it like 2026-11-21."),
        (["show", "E11.99"], "No installed code set has E11.99."),
        (["together", "E11.99", "I10"], "No installed code set has E11.99."),
        (["together", "I10", "E11.99"], "No installed code set has E11.99."),
        (["together", "I10", ""], "No installed code set has ."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(own: Path, arguments: list[str], sentence: str):
    assert refused(*arguments).startswith(sentence)


@pytest.mark.parametrize("arguments", [["search", "x", "--limit", "0"], ["search"], ["together", "I10"], ["nonsense"]])
def test_wrong_usage_is_told_from_a_failure(arguments: list[str]):
    assert call(*arguments).exit_code == 2


def test_a_hint_names_only_codes_that_begin_alike(own: Path):
    assert "begin alike" not in refused("show", "diabetes")


def test_together_says_of_other_code_sets_that_they_have_no_such_notes(own_of_all: Path):
    assert "No installed code set has E0100" not in refused("together", "E11.9", "E0100")
