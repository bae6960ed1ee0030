import os
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.__main__ import main
from bot.app import Easel
from bot.settings import Settings, complaint, variables
from worker.contract.types.timings import Timings
from worker.settings import Settings as WorkerSettings

TOKEN = "not-a-real-token"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and no variable of the developer's own reaches these tests."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("EASEL_", "DISCORD_"))]:
        monkeypatch.delenv(name)


def test_only_the_token_is_required(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    settings = Settings()
    assert settings.discord_api == "https://discord.com/api/v10"
    assert (settings.cap_person, settings.everywhere, settings.cap_server, settings.cap_total) == (3, 10, 20, 500)


def test_reads_env_file_and_ignores_what_belongs_to_others(tmp_path):
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN={TOKEN}\nEASEL_CAP_PERSON=7\nEASEL_SLOTS=2\nPOSTGRES_PASSWORD=x\n")
    settings = Settings()
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.cap_person == 7


def test_timings_come_from_the_variables_that_workers_read_too(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    for name, value in (
        ("LEASE", "2"),
        ("ATTEMPTS", "5"),
        ("KEEP_DAYS", "1"),
        ("WAIT_MAX", "60"),
        ("ANSWER_GRACE", "1"),
    ):
        monkeypatch.setenv(f"EASEL_{name}", value)
    theirs = WorkerSettings(_env_file=None).timings
    assert Settings().timings == theirs
    assert theirs == Timings(lease=2, attempts=5, keep=86400, wait_max=60, answer_grace=1)


@pytest.mark.parametrize(("told", "everywhere"), [({}, 10), ({"PERSON": "25"}, 25),
                                                  ({"PERSON": "25", "PERSON_EVERYWHERE": "4"}, 4)])  # fmt: skip
def test_who_allows_a_person_many_at_once_need_not_say_it_twice(monkeypatch, told, everywhere):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    for name, value in told.items():
        monkeypatch.setenv(f"EASEL_CAP_{name}", value)
    assert Settings().everywhere == everywhere


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("EASEL_COUNT", "")
    assert Settings().count == 4


def _complaint(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    return complaint(caught.value)


def test_a_missing_token_is_named_with_where_to_get_it(monkeypatch):
    said = _complaint(monkeypatch)
    assert said.startswith("DISCORD_TOKEN is not set.")
    assert "https://discord.com/developers/applications" in said


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("EASEL_CAP_PERSON", "0", 'it must be a whole number from 1 to 100000; now "0"'),
        ("EASEL_COUNT", "9", 'it must be a whole number from 1 to 4; now "9"'),
        ("EASEL_DEFER_AFTER", "9", 'it must be a number above 0, at most 2.5; now "9"'),
        ("EASEL_LOG_LEVEL", "loud", 'it must be DEBUG, INFO, WARNING or ERROR; now "loud"'),
        ("EASEL_LANGUAGE", "tlh", 'it must be one of: en; now "tlh"'),
        ("EASEL_DISCORD_API", "discord.com", "Leave it out for the real Discord."),
        ("EASEL_REDIS_URL", "localhost:6379", "it must look like redis://"),
        ("EASEL_REDIS_URL", "redis://:hunter2@host:port/0", "it is not a whole address"),
    ],
)
def test_a_bad_value_is_one_line_with_its_variable(monkeypatch, name, value, what):
    said = _complaint(monkeypatch, DISCORD_TOKEN=TOKEN, **{name: value})
    assert said.startswith(f"{name} is not usable: ")
    assert what in said
    assert "\n" not in said


def test_every_bad_value_is_told_at_once(monkeypatch):
    said = _complaint(monkeypatch, EASEL_COUNT="9", EASEL_CAP_TOTAL="many")
    assert [line.split()[0] for line in said.splitlines()] == ["DISCORD_TOKEN", "EASEL_COUNT", "EASEL_CAP_TOTAL"]


def test_secrets_are_shown_nowhere(monkeypatch):
    said = _complaint(monkeypatch, DISCORD_TOKEN=TOKEN, EASEL_REDIS_URL="http://:hunter2@host")
    assert "hunter2" not in said
    monkeypatch.setenv("EASEL_REDIS_URL", "redis://:hunter2@host")
    assert "hunter2" not in repr(Settings())
    assert TOKEN not in repr(Settings())


def test_every_setting_is_explained():
    for name, _default, what in variables():
        assert name.isupper()
        assert what
    assert len(variables()) == len(Settings.model_fields)
    assert isinstance(Settings.model_fields["redis_url"].default, SecretStr)


def test_a_bad_setting_ends_the_process_with_its_line_alone(monkeypatch, capsys):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("EASEL_COUNT", "9")
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("EASEL_COUNT is not usable:")
    assert len(told.err.splitlines()) == 1


def test_help_names_every_setting(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name, _, _ in variables())


async def test_of_several_bots_each_is_one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.b.c")
    assert Settings().shards == {}
    monkeypatch.setenv("EASEL_SHARD", "1/2")
    assert Settings().shards == {"shard_ids": [1], "shard_count": 2}
    async with Easel(Settings()) as bot:
        assert bot.shard_ids == [1]
    for bad in ("2/2", "1", "/2", "a/2", "-1/2", "1/0", "1/20000"):
        monkeypatch.setenv("EASEL_SHARD", bad)
        with pytest.raises(ValidationError) as raised:
            Settings()
        assert complaint(raised.value).startswith("EASEL_SHARD is not usable: it must be such as 0/2")
