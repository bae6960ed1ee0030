import pytest

from worker.starter.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sample", "--weights", "nowhere"], "nowhere is no weights folder"),
        (["export", "--cache", "nowhere", "--to", "out"], "nothing is trained in nowhere yet"),
        (["train", "--steps", "3"], "--steps needs --stage"),
        (["train", "--device", "cuda:77", "--stage", "autoencoder"], "sees no GPU for --device cuda:77"),
        (["upscaler", "--cache", "nowhere", "--to", "out"], "no upscaler is trained in nowhere yet"),
    ],
)
def test_what_cannot_work_is_said_in_one_line(arguments, words, capsys):
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    commands = ("data", "own", "train", "export", "upscaler", "sample", "diagnose", "lent", "take-back", "evaluate")
    assert all(command in said for command in commands)
