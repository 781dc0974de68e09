"""Settings from the environment or `.env`, built once by the command line; .env.example documents each."""

import ipaddress
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


def _split(value: str) -> SplitResult:
    try:
        url = urlsplit(value)
        _ = url.port
    except ValueError:
        # The standard library's own text repeats parts of the address, which may hold a password.
        raise ValueError("the address can't be read: look for stray characters and at the port") from None
    return url


def _database_url(value: str) -> str:
    if value.startswith(("postgresql://", "postgres://")) and _split(value).path.strip("/"):
        return value
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return value
    raise ValueError("write sqlite:///path/to/file.db or postgresql://user:password@host:5432/database")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        # A name without a dot is a host of the local network or of a compose file; a bare number is an address in disguise.
        return "." not in host and not host.isdigit()


def _api_base(value: str) -> str:
    value = value.rstrip("/")
    url = _split(value)
    if url.scheme not in ("http", "https") or not url.hostname or not url.path.endswith("/api/v10"):
        raise ValueError("write an http or https address that ends in /api/v10")
    if url.scheme == "http" and not (_is_loopback(url.hostname) or _is_private(url.hostname)):
        raise ValueError("plain http would show the token on the way: use https, or a loopback or private host")
    return value


def _gateway_url(value: str) -> str:
    url = _split(value)
    if value and (url.scheme not in ("ws", "wss") or not _is_loopback(url.hostname or "")):
        raise ValueError("only a loopback address such as ws://127.0.0.1:8080 is taken, for test servers")
    return value


class SettingsInvalid(Exception):
    """One or more settings can't be used; the text names each, what is wrong and what is allowed."""


class Settings(BaseSettings):
    """How one process of the bot runs."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", hide_input_in_errors=True
    )

    discord_token: SecretStr = SecretStr("")
    database_url: Annotated[str, AfterValidator(_database_url)] = Field("sqlite:///var/coderounds.db", repr=False)
    discord_api_base: Annotated[str, AfterValidator(_api_base)] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[str, AfterValidator(_gateway_url)] = ""
    content_path: Path = Path("content")
    codes_path: Path = Path("var/codes")
    health_host: str = "127.0.0.1"
    health_port: int = Field(0, ge=0, le=65535)
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    log_format: Annotated[str, Field(pattern="^(json|text)$")] = "text"
    deliveries_per_second: float = Field(40, gt=0, le=45)
    shard_count: int = Field(0, ge=0, le=10_000)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, or None on PostgreSQL."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///"))
        return None


def load_settings() -> Settings:
    """Settings from the environment and `.env`. Raises SettingsInvalid, which never repeats a value."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in fault['loc']).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsInvalid("\n".join(lines)) from None
