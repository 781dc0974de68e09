"""A small Discord on a loopback port: as much of its REST API as the bot uses, with faults on demand."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.e2e.faults import STATUS, Fault, Plan
from tests.e2e.gateway import Gateway
from tests.e2e.payloads import APPLICATION, BOT, EPHEMERAL, Channel, Message, guild, member, snowflake
from tests.e2e.wire import answer, hang_up, rate_limited, read_body

TOKEN = "a-token.that-is.worth-nothing"

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE, UNKNOWN_INTERACTION = 10003, 10004, 10008, 10062
ALREADY_ACKNOWLEDGED, CANNOT_MESSAGE = 40060, 50007
THREAD_EXISTS = 160004


def _ignore(*_: object) -> None:
    pass


class Refused(Exception):
    """Discord's own error answer."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Loopback:
    """Servers with one channel each, and everything that the bot did to them.

    A repeated nonce is answered with the first message for `nonce_seconds`, a press must be answered within
    `deadline` seconds. `observe(route, moment)` is told of each request when it has "arrived" and is "done".
    """

    def __init__(self, *, plan: Plan | None = None, nonce_seconds: float = 300, deadline: float = 3) -> None:
        self.plan = plan or Plan()
        self.nonce_seconds = nonce_seconds
        self.deadline = deadline
        self.guilds: dict[int, list[Channel]] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, list[Message]] = defaultdict(list)
        self.refuse: dict[int, tuple[int, int]] = {}
        """Status and error code by channel."""
        self.closed: set[int] = set()
        """Direct messages that a user takes from nobody, by channel."""
        self.delays: dict[int, float] = {}
        """Seconds that posting in a channel takes."""
        self.instead: dict[str, Callable[[web.Request], web.Response | None]] = {}
        """By route: an answer to give instead of doing anything."""
        self.observe: Callable[[str, str], None] = _ignore
        self.on_message: Callable[[Message], None] = _ignore
        self.requests: Counter[str] = Counter()
        self.repeated_nonces = 0
        self.down = False
        self.commands: list[Any] = []
        self.gateway = Gateway(TOKEN, self.guilds)
        self._nonces: dict[str, tuple[Message, float]] = {}
        self._runner: web.AppRunner | None = None
        self.port = 0

    # -- life ------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._serve])
        base, channel = "/api/v10", "/api/v10/channels/{channel:\\d+}"
        app.add_routes(
            [
                web.get("/gateway", self.gateway.serve, name="ws"),
                web.get(f"{base}/users/@me", self._me, name="me"),
                web.post(f"{base}/users/@me/channels", self._open_dm, name="dm.create"),
                web.get(f"{base}/oauth2/applications/@me", self._application, name="application"),
                web.get(f"{base}/applications/@me", self._application, name="application.me"),
                web.put(f"{base}/applications/{{app}}/commands", self._put_commands, name="commands.put"),
                web.get(f"{base}/gateway", self._gateway, name="gateway"),
                web.get(f"{base}/gateway/bot", self._gateway, name="gateway.bot"),
                web.get(f"{base}/guilds/{{guild:\\d+}}", self._guild, name="guild.get"),
                web.get(f"{base}/guilds/{{guild:\\d+}}/members/{{user:\\d+}}", self._member, name="member.get"),
                web.get(channel, self._channel, name="channel.get"),
                web.get(f"{channel}/messages", self._history, name="message.list"),
                web.post(f"{channel}/messages", self._create, name="message.create"),
                web.patch(f"{channel}/messages/{{message:\\d+}}", self._edit, name="message.edit"),
                web.post(f"{channel}/messages/{{message:\\d+}}/threads", self._thread, name="thread.create"),
                web.post(f"{base}/interactions/{{id:\\d+}}/{{token}}/callback", self._callback, name="callback"),
                web.post(f"{base}/webhooks/{{app}}/{{token}}", self._followup, name="followup"),
                web.patch(f"{base}/webhooks/{{app}}/{{token}}/messages/{{id}}", self._followup, name="followup.edit"),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    def add_guild(self, guild_id: int) -> Channel:
        """A server with one channel, whose id is one above the server's."""
        channel = self.channels[guild_id + 1] = Channel(guild_id + 1, guild_id)
        self.guilds[guild_id] = [channel]
        return channel

    async def fail(self, seconds: float) -> None:
        """An outage: connections break, nobody gets in, and every request fails."""
        self.down = self.gateway.down = True
        self.gateway.drop()
        await asyncio.sleep(seconds)
        self.down = self.gateway.down = False

    # -- every request ---------------------------------------------------------------------------------------

    @web.middleware
    async def _serve(self, request: web.Request, handler: Any) -> web.StreamResponse:
        route = request.match_info.route.name or ""
        if route == "ws":
            return await handler(request)
        open_to_all = route in ("callback", "followup", "followup.edit")
        if not open_to_all and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            # Whole before it is said to have arrived: what has arrived happens, though its sender be killed.
            await request.read()
        except ConnectionError:
            return web.Response()
        if self.down:
            return hang_up(request) if self.plan.rng.random() < 0.5 else answer({"message": "down", "code": 0}, 503)
        self.requests[route] += 1
        self.observe(route, "arrived")
        if route in self.instead and (response := self.instead[route](request)) is not None:
            return response
        fault = self.plan.draw(route)
        match fault:
            case Fault.RATE_LIMITED:
                return rate_limited(self.plan.retry_after)
            case Fault.ERROR | Fault.UNAVAILABLE:
                return answer({"message": "unavailable", "code": 0}, STATUS[fault])
            case Fault.DROPPED:
                return hang_up(request)
            case Fault.SLOW:
                await asyncio.sleep(self.plan.seconds(fault))
            case _:
                pass
        try:
            response = answer(await handler(request))
        except Refused as refused:
            response = answer({"message": "refused", "code": refused.code}, refused.status)
        self.observe(route, "done")
        match fault:
            case Fault.LOST:
                return hang_up(request)
            case Fault.DONE_ERROR | Fault.DONE_UNAVAILABLE:
                return answer({"message": "unavailable", "code": 0}, STATUS[fault])
            case Fault.STALLED:
                await asyncio.sleep(self.plan.seconds(fault))
            case _:
                pass
        return response

    # -- routes ----------------------------------------------------------------------------------------------

    async def _me(self, _: web.Request) -> Any:
        return BOT

    async def _application(self, _: web.Request) -> Any:
        return {
            "id": str(APPLICATION),
            "name": "CodeRounds",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": BOT,
            "verify_key": "",
            "flags": 0,
        }

    async def _gateway(self, _: web.Request) -> Any:
        limits = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": 1, "session_start_limit": limits}

    async def _put_commands(self, request: web.Request) -> Any:
        self.commands = [
            command | {"id": str(snowflake()), "application_id": str(APPLICATION), "version": str(snowflake())}
            for command in await request.json()
        ]
        return self.commands

    async def _open_dm(self, request: web.Request) -> Any:
        user_id = int((await request.json())["recipient_id"])
        channel = self.channels.setdefault(user_id + 1, Channel(user_id + 1, None, type=1))
        return channel.json()

    async def _guild(self, request: web.Request) -> Any:
        guild_id = int(request.match_info["guild"])
        if guild_id not in self.guilds:
            raise Refused(404, UNKNOWN_GUILD)
        return guild(guild_id, self.guilds[guild_id])

    async def _member(self, request: web.Request) -> Any:
        return member(int(request.match_info["user"]))

    async def _channel(self, request: web.Request) -> Any:
        return self._place(request).json()

    async def _history(self, request: web.Request) -> Any:
        channel = self._place(request)
        after, limit = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        found = [message for message in self.messages[channel.id] if message.id > after]
        chosen = found[:limit] if "after" in request.query else found[-limit:]
        return [message.json() for message in reversed(chosen)]

    async def _create(self, request: web.Request) -> Any:
        channel = self._place(request)
        if channel.id in self.closed:
            raise Refused(403, CANNOT_MESSAGE)
        if channel.id in self.delays:
            await asyncio.sleep(self.delays[channel.id])
        body, attachments = await read_body(request)
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        now = time.monotonic()
        if nonce in self._nonces and now - self._nonces[nonce][1] < self.nonce_seconds:
            self.repeated_nonces += 1
            return self._nonces[nonce][0].json()
        message = Message(snowflake(), channel.id, body, body.get("nonce"), attachments)
        if nonce is not None:
            self._nonces[nonce] = (message, now)
        self.messages[channel.id].append(message)
        self.on_message(message)
        return message.json()

    async def _edit(self, request: web.Request) -> Any:
        message = self._message(request)
        body, attachments = await read_body(request)
        message.body |= body
        message.attachments = attachments
        message.edits += 1
        message.finish()
        return message.json()

    async def _thread(self, request: web.Request) -> Any:
        message = self._message(request)
        if message.id in self.channels:
            raise Refused(400, THREAD_EXISTS)
        parent = self.channels[message.channel_id]
        name = (await request.json())["name"]
        thread = self.channels[message.id] = Channel(message.id, parent.guild_id, 11, parent.id, name)
        return thread.json()

    async def _callback(self, request: web.Request) -> Any:
        press = self.gateway.presses.get(int(request.match_info["id"]))
        if press is None or press.token != request.match_info["token"]:
            raise Refused(404, UNKNOWN_INTERACTION)
        if time.monotonic() - press.at > self.deadline:
            raise Refused(404, UNKNOWN_INTERACTION)
        if press.reply.done():
            raise Refused(400, ALREADY_ACKNOWLEDGED)
        body, _ = await read_body(request)
        press.reply.set_result(body)
        message = Message(snowflake(), 0, body.get("data") or {})
        message.body["flags"] = message.body.get("flags", 0) | EPHEMERAL
        interaction = {"id": str(press.id), "type": 3, "response_message_id": str(message.id)}
        return {"interaction": interaction, "resource": {"type": body["type"], "message": message.json()}}

    async def _followup(self, request: web.Request) -> Any:
        body, attachments = await read_body(request)
        return Message(snowflake(), 0, body, None, attachments).json()

    def _place(self, request: web.Request) -> Channel:
        channel_id = int(request.match_info["channel"])
        if channel_id in self.refuse:
            raise Refused(*self.refuse[channel_id])
        if channel_id not in self.channels:
            raise Refused(404, UNKNOWN_CHANNEL)
        return self.channels[channel_id]

    def _message(self, request: web.Request) -> Message:
        channel = self._place(request)
        for message in self.messages[channel.id]:
            if message.id == int(request.match_info["message"]):
                return message
        raise Refused(404, UNKNOWN_MESSAGE)
