"""Settings: what is taken, and that a wrong value is named without being repeated."""

from pathlib import Path

import pytest

from bot.config import Settings, SettingsInvalid, load_settings

SECRET = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without this machine's settings or `.env`."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def refused(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    with pytest.raises(SettingsInvalid) as raised:
        loaded(monkeypatch, **values)
    assert raised.value.__cause__ is None, "the cause would repeat the value in a traceback"
    return str(raised.value)


def test_everything_has_a_default():
    settings = load_settings()
    assert settings.discord_token.get_secret_value() == ""
    assert settings.sqlite_path == Path("var/coderounds.db")
    assert settings.discord_api_base == "https://discord.com/api/v10"
    assert settings.content_path == Path("content")
    assert (settings.health_host, settings.health_port) == ("127.0.0.1", 0)
    assert (settings.log_level, settings.log_format) == ("INFO", "text")
    assert settings.deliveries_per_second == 40


def test_settings_come_from_the_dot_env_file_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch):
    Path(".env").write_text("LOG_LEVEL=ERROR\nHEALTH_PORT=9000\nSOMETHING_ELSE=1\n", encoding="utf-8")
    settings = loaded(monkeypatch, HEALTH_PORT="9001")
    assert (settings.log_level, settings.health_port) == ("ERROR", 9001)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("LOG_LEVEL", "chatty", "DEBUG|INFO|WARNING|ERROR"),
        ("LOG_LEVEL", "info", "DEBUG|INFO|WARNING|ERROR"),
        ("LOG_FORMAT", "xml-like", "json|text"),
        ("HEALTH_PORT", "65536", "65535"),
        ("HEALTH_PORT", "-77", "greater than or equal to 0"),
        ("HEALTH_PORT", "eighty", "valid integer"),
        ("DELIVERIES_PER_SECOND", "45.25", "less than or equal to 45"),
        ("DELIVERIES_PER_SECOND", "-7.5", "greater than 0"),
        ("SHARD_COUNT", "-33", "greater than or equal to 0"),
        ("SHARD_COUNT", "10001", "10000"),
        ("DATABASE_URL", "mysql://me:hunter2@host/db", "sqlite:///path/to/file.db or postgresql://"),
        ("DATABASE_URL", "sqlite://hunter2.db", "sqlite:///path/to/file.db or postgresql://"),
        ("DATABASE_URL", "postgresql://me:hunter2@host", "sqlite:///path/to/file.db or postgresql://"),
        ("DATABASE_URL", "postgresql://me:hunter2@host/", "sqlite:///path/to/file.db or postgresql://"),
        ("DISCORD_API_BASE", "https://proxy.example/hunter2", "ends in /api/v10"),
        ("DISCORD_API_BASE", "ftp://hunter2.example/api/v10", "http or https"),
        ("DISCORD_API_BASE", "https:///api/v10", "http or https address"),
        ("DISCORD_API_BASE", "http://hunter2.example.com/api/v10", "use https, or a loopback or private host"),
        ("DISCORD_API_BASE", "http://8.8.8.8/api/v10", "use https, or a loopback or private host"),
        ("DISCORD_API_BASE", "http://[2606:4700::1111]/api/v10", "use https, or a loopback or private host"),
        ("DISCORD_API_BASE", "http://localhost.hunter2.com/api/v10", "use https, or a loopback or private host"),
        ("DISCORD_API_BASE", "http://127.0.0.1@hunter2.com/api/v10", "use https, or a loopback or private host"),
        ("DISCORD_GATEWAY_URL", "wss://gateway.hunter2.gg", "only a loopback address"),
        ("DISCORD_GATEWAY_URL", "ws://10.1.2.3:8080", "only a loopback address"),
        ("DISCORD_GATEWAY_URL", "http://127.0.0.1:8081", "only a loopback address"),
        ("DISCORD_GATEWAY_URL", "ws://127.0.0.1.hunter2.com", "only a loopback address"),
    ],
)
def test_a_wrong_value_names_its_setting_and_what_is_allowed_but_never_itself(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
):
    told = refused(monkeypatch, **{name: value})
    assert told.startswith(f"{name}: ")
    assert allowed in told
    assert value not in told
    assert "hunter2" not in told


def test_every_wrong_setting_is_named_in_one_run(monkeypatch: pytest.MonkeyPatch):
    told = refused(monkeypatch, LOG_LEVEL="x", HEALTH_PORT="y", DATABASE_URL="z")
    assert sorted(line.split(":")[0] for line in told.splitlines()) == ["DATABASE_URL", "HEALTH_PORT", "LOG_LEVEL"]


@pytest.mark.parametrize(
    "value",
    [
        "https://discord.com/api/v10",
        "https://proxy.example/api/v10",
        "http://127.0.0.1:8080/api/v10",
        "http://[::1]:8080/api/v10",
        "http://localhost/api/v10",
        "http://10.0.0.7/api/v10",
        "http://192.168.1.5:3000/api/v10",
        "http://proxy:3000/api/v10",
    ],
)
def test_an_api_address_is_taken_where_the_token_is_safe(monkeypatch: pytest.MonkeyPatch, value: str):
    assert loaded(monkeypatch, DISCORD_API_BASE=value + "/").discord_api_base == value


@pytest.mark.parametrize("value", ["", "ws://127.0.0.1:8080", "ws://localhost:1", "wss://[::1]:443", "ws://127.9.9.9"])
def test_a_gateway_address_is_taken_on_loopback_alone(monkeypatch: pytest.MonkeyPatch, value: str):
    assert loaded(monkeypatch, DISCORD_GATEWAY_URL=value).discord_gateway_url == value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("sqlite:///var/a.db", Path("var/a.db")),
        ("sqlite:////srv/a.db", Path("/srv/a.db")),
        ("postgresql://u:p@h:5432/db", None),
        ("postgres://u:p@h/db", None),
    ],
)
def test_either_database_is_taken(monkeypatch: pytest.MonkeyPatch, value: str, path: Path | None):
    assert loaded(monkeypatch, DATABASE_URL=value).sqlite_path == path


def test_secrets_are_shown_neither_by_the_settings_nor_by_an_error(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, DISCORD_TOKEN=SECRET, DATABASE_URL="postgresql://u:hunter2@h/db")
    assert settings.discord_token.get_secret_value() == SECRET
    for shown in (repr(settings), str(settings), f"{settings}", settings.model_dump_json(exclude={"database_url"})):
        assert SECRET not in shown
        assert "hunter2" not in shown
    told = refused(monkeypatch, LOG_LEVEL="loud")
    assert SECRET not in told
    assert "hunter2" not in told


def test_a_database_file_without_a_name_is_refused(monkeypatch: pytest.MonkeyPatch):
    assert refused(monkeypatch, DATABASE_URL="sqlite:///").startswith("DATABASE_URL: write sqlite:///path/to/file.db")


@pytest.mark.parametrize("value", ["http://[::1/api/v10", "https://[/api/v10"])
def test_an_address_that_is_none_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, value: str):
    assert refused(monkeypatch, DISCORD_API_BASE=value).startswith("DISCORD_API_BASE: ")


@pytest.mark.parametrize("value", ["https://host:99999/api/v10", "https://host:80x/api/v10"])
def test_an_address_with_an_impossible_port_is_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    assert refused(monkeypatch, DISCORD_API_BASE=value).startswith("DISCORD_API_BASE: ")


def test_plain_http_to_a_public_address_written_as_a_number_is_refused(monkeypatch: pytest.MonkeyPatch):
    refused(monkeypatch, DISCORD_API_BASE="http://134744072/api/v10")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://me:hunter2\u2100@host/db"),
        ("DISCORD_API_BASE", "https://me:hunter2\u2100@host/api/v10"),
        ("DISCORD_GATEWAY_URL", "ws://me:hunter2\u2100@127.0.0.1"),
    ],
)
def test_an_address_with_an_odd_character_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    assert "hunter2" not in refused(monkeypatch, **{name: value})
