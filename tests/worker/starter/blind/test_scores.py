"""Figures by hand, and every way to fill a scoring sheet wrongly."""

import pytest

from worker.starter.__main__ import main
from worker.starter.blind import scores
from worker.starter.blind.sheets import Asked, Key

HEAD = "number,letter,subject,style,colour,clean,note\n"
KEY = Key(
    models=("old", "new"),
    asked=(
        Asked(number=1, prompt="a red disc", letters={"a": 1, "b": 0}),
        Asked(number=2, prompt="a bar", letters={"a": 0}),
        Asked(number=3, prompt="a nurse", letters={}),
        Asked(number=4, prompt="a glossy disc", letters={"a": 0, "b": 1}),
    ),
)
FILLED = HEAD + "1,a,10,,8,9,good\n1,b,2,,9,10,a square\n2,a,6,,,2,\n4,a,3,0,,3,\n4,b,8,6,,7,\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "key").mkdir()
    (tmp_path / "judge").mkdir()
    (tmp_path / "key" / "key.json").write_text(KEY.model_dump_json())
    (tmp_path / "judge" / "scores.csv").write_text(FILLED)
    return tmp_path


def found(folder, *sheets):
    return scores.figures(KEY, scores._collected(KEY, sheets or [folder / "judge" / "scores.csv"]))


def test_wrong_things_count_nothing_and_declined_ones_three(folder):
    old, new = found(folder)
    assert (old.model, old.prompts, old.coverage) == ("old", 4, 0.75)
    assert old.mean == pytest.approx((0 + 4 + 3 + 2) / 4)
    assert old.poor == 0.5  # the wrong thing, and (3 + 0 + 3) / 3; declined is not below 3
    assert old.criteria == pytest.approx({"subject": 11 / 3, "style": 0, "colour": 9, "clean": 5})
    assert new.coverage == 0.5
    assert new.mean == pytest.approx((9 + 3 + 3 + 7) / 4)
    assert new.poor == 0
    assert new.criteria == pytest.approx({"subject": 9, "style": 6, "colour": 8, "clean": 8})


@pytest.mark.parametrize(("subject", "score"), [("2", 0), ("2.1", (2.1 + 10 + 10) / 3), ("0", 0), ("10", 10)])
def test_a_subject_up_to_two_is_the_wrong_thing(folder, subject, score):
    line = f"1,a,{subject},,10,10,\n"
    (folder / "judge" / "scores.csv").write_text(FILLED.replace("1,a,10,,8,9,good\n", line))
    assert found(folder)[1].mean == pytest.approx((score + 3 + 3 + 7) / 4)


def test_several_judges_count_alike_for_each_picture_that_they_scored(folder):
    more = folder / "more.csv"
    more.write_text(HEAD + "1,b,10,,10,10,\n2,a,,,,,\n4,a,4,4,,4,\n")
    old, new = found(folder, folder / "judge" / "scores.csv", more)
    assert old.mean == pytest.approx(((0 + 10) / 2 + 4 + 3 + (2 + 4) / 2) / 4)
    assert old.criteria["colour"] == pytest.approx(9.5)
    assert new == found(folder)[1]


def test_the_table_has_a_line_for_each_model(folder, capsys):
    assert main(["blind", "score", str(folder)]) == 0
    head, old, new = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "prompts", "coverage", "mean", "of", "all", "below", "3", "subject", "style", "colour", "clean"
    ]  # fmt: skip
    assert old.split() == ["old", "4", "75%", "2.25", "50%", "3.67", "0.00", "9.00", "5.00"]
    assert new.split() == ["new", "4", "50%", "5.50", "0%", "9.00", "6.00", "8.00", "8.00"]
    assert len(head) == len(old) == len(new)


def test_what_no_picture_asked_for_has_no_mean(folder, capsys):
    (folder / "judge" / "scores.csv").write_text(FILLED.replace("10,,8,9", "10,,,9"))
    main(["blind", "score", str(folder)])
    assert capsys.readouterr().out.splitlines()[2].split()[-2] == "–"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sheets_come_back_from_spreadsheets(folder, end):
    whole = FILLED.replace("1,a,10,", "1, A ,10.0,").replace("\n", end)
    (folder / "judge" / "scores.csv").write_bytes(b"\xef\xbb\xbf" + whole.encode())
    assert found(folder)[1].mean == pytest.approx(5.5)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1,a,10,,8,9,good\n", "", "nobody has scored 1a"),
        ("1,a,10,,8,9,good", "1,a,,,,,good", "nobody has scored 1a"),
        ("1,a,10,", "1,a,11,", ":2: subject is '11'; write a number from 0 to 10"),
        ("1,a,10,", "1,a,-1,", ":2: subject is '-1'"),
        ("1,a,10,", "1,a,ten,", ":2: subject is 'ten'"),
        ("1,a,10,", "1,a,nan,", ":2: subject is 'nan'"),
        ("1,a,10,", "1,a,,", ":2: subject may not be empty"),
        ("2,a,6,,,2", "2,a,6,,,", ":4: clean may not be empty"),
        ("2,a,6", "3,a,6", ":4: there is no picture 3a"),
        ("2,a,6", "2,b,6", ":4: there is no picture 2b"),
        ("2,a,6", "two,a,6", ":4: 'two' is not the number"),
        ("4,b,8", "4,a,8", ":6: picture 4a has a line before"),
        ("2,a,6,,,2,", "2,a,6", ":4: a line needs the columns"),
        ("2,a,6,,,2,", "2,a,6,,,2,a,b", ":4: a line needs the columns"),
        (",clean,", ",tidy,", ":2: a line needs the columns"),
        (HEAD, "", "a line needs the columns"),
        (FILLED, HEAD, "nobody has scored 1a, 1b, 2a, 4a, 4b"),
        (FILLED, "", "nobody has scored 1a, 1b, 2a, 4a, 4b"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_in_one_line(folder, capsys, old, new, words):
    assert old in FILLED
    (folder / "judge" / "scores.csv").write_text(FILLED.replace(old, new, 1))
    assert main(["blind", "score", str(folder)]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert not said.out


def test_files_that_are_not_there_are_told(folder, capsys):
    assert main(["blind", "score", str(folder), str(folder / "none.csv")]) == 1
    assert "none.csv cannot be read" in capsys.readouterr().err
    assert main(["blind", "score", str(folder / "key")]) == 1
    assert "was not written by `blind draw`" in capsys.readouterr().err
