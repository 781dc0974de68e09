"""A publisher of code-set files on loopback, which cuts, stalls, refuses and changes its files as told."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(frozen=True, slots=True)
class Served:
    """A version of a file. Empty headers are not sent."""

    content: bytes
    etag: str = '"one"'
    modified: str = "Mon, 05 Oct 2026 08:00:00 GMT"
    type: str = "application/zip"
    length: bool = True  # whether its size is announced; if not it is sent in chunks


Step = Callable[[web.Request, Served], Awaitable[web.StreamResponse]]


@dataclass
class Publisher:
    """Files by path, and what to do at the next requests for them; afterwards they are handed out as they are."""

    files: dict[str, Served] = field(default_factory=dict[str, Served])
    steps: defaultdict[str, list[Step]] = field(default_factory=lambda: defaultdict[str, list[Step]](list))
    asked: list[web.Request] = field(default_factory=list[web.Request])
    over: asyncio.Event = field(default_factory=asyncio.Event)
    half_sent: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""

    def ranges(self) -> list[str]:
        """The Range header of each request so far."""
        return [request.headers.get("Range", "") for request in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        steps = self.steps[request.path]
        served = self.files.get(request.path, Served(b""))
        if steps:
            return await steps.pop(0)(request, served)
        if request.path not in self.files:
            return web.Response(status=404, text="<html>Page not found</html>", content_type="text/html")
        return await whole(request, served)

    def stalls(self, after: int) -> Step:
        """Sends so many bytes and then nothing, until the test is over."""

        async def step(request: web.Request, served: Served) -> web.StreamResponse:
            response, content = _head(request, served, ranges=True)
            await response.prepare(request)
            await response.write(content[:after])
            self.half_sent.set()
            await self.over.wait()
            return response

        return step


@asynccontextmanager
async def publishing() -> AsyncGenerator[Publisher]:
    publisher = Publisher()
    app = web.Application()
    app.router.add_route("GET", "/{path:.*}", publisher.handle)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=1)
    publisher.base = str(server.make_url("")).rstrip("/")
    try:
        yield publisher
    finally:
        publisher.over.set()
        await server.close()


def _head(request: web.Request, served: Served, *, ranges: bool) -> tuple[web.StreamResponse, bytes]:
    """The response before its body, and the body, as RFC 9110 has it."""
    headers = {"ETag": served.etag, "Last-Modified": served.modified, "Content-Type": served.type}
    headers = {name: value for name, value in headers.items() if value}
    asked, condition = request.headers.get("Range", ""), request.headers.get("If-Range", "")
    content, status = served.content, 200
    if ranges and asked and condition in ("", served.etag, served.modified):
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(content):
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(content)}"}), b""
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        content, status = content[start:], 206
    response = web.StreamResponse(status=status, headers=headers)
    if served.length:
        response.content_length = len(content)
    return response, content


async def whole(request: web.Request, served: Served) -> web.StreamResponse:
    """The file or the rest of it, unless the caller has this version."""
    if served.etag and request.headers.get("If-None-Match") == served.etag:
        return web.Response(status=304)
    if not served.etag and request.headers.get("If-Modified-Since") == served.modified != "":
        return web.Response(status=304)
    response, content = _head(request, served, ranges=True)
    if isinstance(response, web.Response):
        return response
    await response.prepare(request)
    await response.write(content)
    await response.write_eof()
    return response


def cut(after: int, *, ranges: bool = True) -> Step:
    """Closes the connection after so many bytes of the answer."""

    async def step(request: web.Request, served: Served) -> web.StreamResponse:
        response, content = _head(request, served, ranges=ranges)
        await response.prepare(request)
        await response.write(content[:after])
        assert request.transport is not None
        request.transport.close()
        return response

    return step


async def without_ranges(request: web.Request, served: Served) -> web.StreamResponse:
    """The whole file, whatever was asked for."""
    response, content = _head(request, served, ranges=False)
    await response.prepare(request)
    await response.write(content)
    await response.write_eof()
    return response


async def blind(request: web.Request, served: Served) -> web.StreamResponse:
    """The range that was asked for without a look at If-Range."""
    headers = {name: value for name, value in request.headers.items() if name != "If-Range"}
    return await whole(request.clone(headers=headers), served)


async def in_pieces(request: web.Request, served: Served) -> web.StreamResponse:
    """A short piece of the rest, as a server may that limits its answers."""
    start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
    piece = served.content[start : start + len(served.content) // 8]
    span = f"bytes {start}-{start + len(piece) - 1}/{len(served.content)}"
    return web.Response(status=206, body=piece, headers={"Content-Range": span, "ETag": served.etag})


def answers(
    status: int, headers: dict[str, str] | None = None, text: str = "", content_type: str = "text/plain"
) -> Step:
    async def step(request: web.Request, served: Served) -> web.StreamResponse:
        return web.Response(status=status, headers=headers, text=text, content_type=content_type)

    return step


def instead(content: bytes, **changes: str) -> Step:
    """Another content under the same headers."""

    async def step(request: web.Request, served: Served) -> web.StreamResponse:
        return await whole(request, replace(served, content=content, **changes))

    return step
