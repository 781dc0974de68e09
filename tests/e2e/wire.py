"""Answers of the loopback Discord on the wire: JSON with rate limit headers, 429s, broken connections, uploads."""

import json
from email import message_from_bytes
from typing import Any

from aiohttp import web

from tests.e2e.payloads import snowflake


def answer(data: Any, status: int = 200) -> web.Response:
    """JSON, with a rate limit that never bites."""
    headers = {
        "X-Ratelimit-Limit": "50",
        "X-Ratelimit-Remaining": "49",
        "X-Ratelimit-Reset-After": "1.000",
        "X-Ratelimit-Bucket": "loopback",
    }
    return _json(data, status, headers)


def rate_limited(retry_after: float) -> web.Response:
    """A 429 as Discord itself sends it."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    return _json(body, 429, {"Retry-After": str(retry_after), "Via": "1.1 google", "X-RateLimit-Scope": "user"})


def _json(data: Any, status: int, headers: dict[str, str]) -> web.Response:
    # Bytes, since discord.py takes a content type with a charset for text.
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def hang_up(request: web.Request) -> web.Response:
    """Break the connection: the client never learns what became of its request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def read_body(request: web.Request) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The JSON of a request, and the attachments that came with it."""
    data = await request.read()
    if not request.content_type.startswith("multipart/"):
        return json.loads(data), []
    body: dict[str, Any] = {}
    attachments: list[dict[str, Any]] = []
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n"
    for part in message_from_bytes(head.encode() + data).walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_param("name", header="content-disposition") == "payload_json":
            body = json.loads(content)
        else:
            name = part.get_filename()
            url = f"https://cdn.example/{name}"
            attachments.append(
                {"id": str(snowflake()), "filename": name, "size": len(content), "url": url, "proxy_url": url}
            )
    return body, attachments
