"""The gateway of the loopback Discord: sessions that can be resumed, and presses sent through them."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.e2e.payloads import ADMINISTRATOR, APPLICATION, BOT, Channel, Message, guild, member, snowflake, walk

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Session:
    """What one IDENTIFY started: its numbered events are kept, so that a RESUME can have them again."""

    id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    transport: asyncio.Transport | None = None
    socket: web.WebSocketResponse | None = None

    def emit(self, name: str, data: Any) -> None:
        self.events.append({"op": DISPATCH, "s": len(self.events) + 1, "t": name, "d": data})
        self.wake.set()


@dataclass
class Press:
    """A component pressed by a user; `reply` is the body of the callback that answered it."""

    id: int
    token: str
    user_id: int
    custom_id: str
    at: float
    reply: asyncio.Future[dict[str, Any]]

    async def answered(self, seconds: float) -> dict[str, Any] | None:
        """The callback's body; None when none came in time, which Discord shows as a failed interaction."""
        done, _ = await asyncio.wait([self.reply], timeout=seconds)
        return self.reply.result() if done else None


class Gateway:
    """One shard. New events go to every session that is connected, as they do when several processes run a bot; to the
    `current` one, the last that was, when none is."""

    def __init__(self, token: str, guilds: dict[int, list[Channel]]) -> None:
        self._token = token
        self._guilds = guilds
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.current: Session | None = None
        self.presses: dict[int, Press] = {}
        self._attached: list[Session] = []
        self.identified = 0
        self.resumed = 0
        self.connected = asyncio.Event()
        """A session is under way: identified or resumed, with its guilds on their way."""
        self.down = False
        """Nobody gets in."""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        if self.down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        session: Session | None = None
        pump: asyncio.Task[None] | None = None
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41250}})
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                message = frame.json()
                if message["op"] == HEARTBEAT:
                    await socket.send_json({"op": ACK})
                elif message["op"] in (IDENTIFY, RESUME) and message["d"]["token"] != self._token:
                    await socket.close(code=4004)
                elif message["op"] == IDENTIFY:
                    session, start = self._identify(), 0
                    pump = self._attach(session, socket, request, start)
                elif message["op"] == RESUME:
                    session = self.sessions.get(message["d"]["session_id"])
                    if session is None:
                        await socket.send_json({"op": INVALID_SESSION, "d": False})
                        continue
                    self.resumed += 1
                    session.emit("RESUMED", {})
                    pump = self._attach(session, socket, request, message["d"]["seq"])
        finally:
            if pump is not None:
                pump.cancel()
            if session is not None and session.socket is socket:
                session.socket = None
                self._attached = [each for each in self._attached if each is not session]
                self.connected.clear()
        return socket

    def _identify(self) -> Session:
        session = Session(secrets.token_hex(8))
        self.sessions[session.id] = session
        self.identified += 1
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in self._guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [0, 1],
            "application": {"id": str(APPLICATION), "flags": 0},
        }
        session.emit("READY", ready)
        for guild_id, channels in self._guilds.items():
            session.emit("GUILD_CREATE", guild(guild_id, channels))
        return session

    def _attach(
        self, session: Session, socket: web.WebSocketResponse, request: web.Request, seen: int
    ) -> asyncio.Task[None]:
        session.socket = socket
        transport = request.transport
        session.transport = transport if isinstance(transport, asyncio.Transport) else None
        self._attached = [*(each for each in self._attached if each is not session), session]
        self.current = session
        self.connected.set()
        return asyncio.create_task(self._pump(session, socket, seen))

    async def _pump(self, session: Session, socket: web.WebSocketResponse, sent: int) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                while sent < len(session.events):
                    sent += 1
                    await socket.send_json(session.events[sent - 1])
                session.wake.clear()
                await session.wake.wait()

    def drop(self) -> None:
        """Break every connection without a goodbye; what is sent meanwhile waits for a RESUME."""
        self.connected.clear()
        for session in self._attached:
            if session.transport is not None:
                session.transport.abort()

    def send_nonsense(self) -> None:
        """An event that no parser understands: with discord.py that ends the whole client."""
        assert self.current is not None
        self.connected.clear()
        self.current.emit("GUILD_CREATE", {"name": "a server without an id"})

    def forget_sessions(self) -> None:
        """The next RESUME is refused: the client must identify anew."""
        self.sessions.clear()

    def press(
        self, message: Message, channel: Channel, user_id: int, custom_id: str, values: Sequence[str] = ()
    ) -> Press:
        """Send the press of a component that the message shows now. Raises LookupError when it doesn't."""
        for component in walk(message.components):
            if component.get("custom_id") == custom_id:
                break
        else:
            raise LookupError(custom_id)
        press = Press(
            snowflake(), secrets.token_hex(16), user_id, custom_id, time.monotonic(), asyncio.Future[dict[str, Any]]()
        )
        self.presses[press.id] = press
        data: dict[str, Any] = {
            "id": component["id"],
            "custom_id": custom_id,
            "component_type": component["type"],
        }
        if values:
            data["values"] = list(values)
        payload = {
            "id": str(press.id),
            "application_id": str(APPLICATION),
            "type": 3,
            "token": press.token,
            "version": 1,
            "guild_id": str(channel.guild_id),
            "guild": {"id": str(channel.guild_id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "locale": "en-US",
            "channel_id": str(channel.id),
            "channel": channel.json(),
            "member": member(user_id),
            "message": message.json(),
            "data": data,
            "app_permissions": ADMINISTRATOR,
            "attachment_size_limit": 10_000_000,
            "authorizing_integration_owners": {"0": str(channel.guild_id)},
            "context": 0,
            "entitlements": [],
        }
        for session in self._attached or ([self.current] if self.current is not None else []):
            session.emit("INTERACTION_CREATE", payload)
        return press
