"""CPT from an operator's own file. All descriptors here are invented words that describe nothing."""

from datetime import date
from pathlib import Path

import pytest

from bot.codes.release import FileFault, Scope
from bot.codes.sources.cpt import LicenceNeeded, read_cpt
from bot.codes.sources.recognise import read_file
from bot.core.codes import Level, System
from tests.codes.files import flips, outcome, written

TABS = "Code\tShort\tLong Descriptor\r\n99202\tfirst\tfirst invented words\r\n99203\tsecond\tsecond invented words\r\n"
COMMAS = '99202,"first, with a comma"\n99203,second\n9920F,third\n9921T,fourth\n9921U,fifth\n9922M,sixth\n'
NAME = "licensed_2026.txt"


def test_nothing_is_read_without_the_word_of_the_operator(tmp_path: Path):
    path = written(tmp_path, NAME, TABS)
    for read in (lambda: read_file(path), lambda: read_cpt(path)):
        with pytest.raises(
            LicenceNeeded, match="if you hold an AMA licence, repeat the command with --i-hold-an-ama-licence"
        ):
            read()


def test_a_file_with_column_names_is_read(tmp_path: Path):
    [source] = read_file(written(tmp_path, NAME, TABS), cpt_licence=True)
    assert [(e.key, e.title, e.level) for e in source.entries] == [
        ("99202", "first invented words", Level.CODE),
        ("99203", "second invented words", Level.CODE),
    ]
    assert (source.system, source.scope, source.counts) == (System.CPT, Scope.FULL, {"codes": 2})
    assert (source.name, source.effective, source.until) == ("2026", date(2026, 1, 1), date(2026, 12, 31))


def test_a_file_without_column_names_is_read(tmp_path: Path):
    source = read_cpt(written(tmp_path, NAME, COMMAS), licence=True)
    assert [entry.key for entry in source.entries] == ["99202", "99203", "9920F", "9921T", "9921U", "9922M"]
    assert source.entries[0].title == "first, with a comma"


def test_a_column_of_other_numbers_is_told_from_the_codes(tmp_path: Path):
    text = "Id\tCPT Code\tDescriptor\r\n10001\t99202\tinvented\r\n10002\t99203\tinvented\r\n"
    assert [entry.key for entry in read_cpt(written(tmp_path, NAME, text), licence=True).entries] == ["99202", "99203"]


def test_the_year_comes_from_the_name_or_the_operator(tmp_path: Path):
    path = written(tmp_path, "licensed.txt", TABS)
    with pytest.raises(FileFault, match="put it into the file's name"):
        read_cpt(path, licence=True)
    assert read_cpt(path, date(2027, 1, 1), licence=True).name == "2027"
    assert read_cpt(path, date(2027, 7, 1), licence=True).name == "July 2027"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("G0105\tx\tan HCPCS code", "line 4: has 'G0105' where a CPT code"),
        ("9920\tx\tfour digits", "line 4: has '9920'"),
        ("992021\tx\tsix digits", "line 4: has '992021'"),
        ("9920X\tx\tanother letter", "line 4: has '9920X'"),
        ("99202\tx\tagain", "line 4: has 99202, which stood"),
        ("99205\tx\t ", "line 4: has no descriptor for 99205"),
        ("99205", "line 4: has no descriptor for 99205"),
        ('99205\tx\t"open', "line 4: can't be split into columns"),
        ("99205\tx\tmore words\tand more", "line 4: has 4 columns where 3 are due"),
    ],
)
def test_a_line_that_is_none_of_cpt_is_refused(tmp_path: Path, line: str, what: str):
    with pytest.raises(FileFault, match=what):
        read_cpt(written(tmp_path, NAME, TABS + line + "\r\n"), licence=True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Code\tLong\r\n", "no rows"),
        ("Code\tLong\r\nA0021\tambulance\r\n", "no column with a CPT code"),
        ("99202\r\n99203\r\n", "no column for the descriptor"),
        ('99202,"open\n99203,and closed"\n99204,more\n', "line 1: opens a quotation mark"),
    ],
)
def test_a_table_without_codes_or_descriptors_is_refused(tmp_path: Path, text: str, what: str):
    with pytest.raises(FileFault, match=what):
        read_cpt(written(tmp_path, NAME, text), licence=True)


def test_a_line_without_an_end_is_taken_for_a_cut(tmp_path: Path):
    for end in range(TABS.index("99203"), len(TABS) - 1):
        with pytest.raises(FileFault, match=r"line (2|3): "):
            read_cpt(written(tmp_path, NAME, TABS[:end].rstrip("\r\n")), licence=True)


def test_a_damaged_file_raises_nothing_else(tmp_path: Path):
    for text in (TABS, COMMAS):
        data = text.encode()
        for copy in (*flips(data, 300, seed=16), *(data[:end] for end in range(1, len(data)))):
            outcome(written(tmp_path, NAME, copy), cpt_licence=True)
