from worker.starter.__main__ import main


def test_prompts_are_drawn_judged_and_scored(weights, tmp_path, capsys):
    (tmp_path / "prompts.txt").write_text("a red disc\na bar\n")
    out = tmp_path / "out"
    draw = ["blind", "draw", str(weights), "--prompts", str(tmp_path / "prompts.txt"), "--threads", "1", "--to"]
    assert main([*draw, str(out)]) == 0
    assert "2 drawn" in capsys.readouterr().out
    sheet = out / "judge" / "scores.csv"
    sheet.write_text(sheet.read_text().replace("a,,,,,", "a,8,,6,7,"))
    assert main(["blind", "score", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == [
        str(weights), "2", "100%", "7.00", "0%", "8.00", "–", "6.00", "7.00"
    ]  # fmt: skip

    assert main([*draw, str(out)]) == 1  # the scores would be lost
    assert "is there already" in capsys.readouterr().err
    both = [*draw[:3], str(out / "key" / "drawn-1"), *draw[3:], str(tmp_path / "both")]
    assert main(both) == 0
    assert (tmp_path / "both" / "judge" / "scores.csv").read_text().count("\n") == 5
