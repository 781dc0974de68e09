"""A process that answers callbacks, messages and edits as Discord does, so that its CPU time is nobody else's."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from tests.e2e.payloads import APPLICATION, BOT, EPHEMERAL, Channel, Message, snowflake
from tests.e2e.wire import answer

paced: list[float] = []
"""When each request came that the bot makes by itself."""


async def _create(request: web.Request) -> web.Response:
    paced.append(time.monotonic())
    body = json.loads(await request.read())
    return answer(Message(snowflake(), int(request.match_info["channel"]), body, body.get("nonce")).json())


async def _open_dm(request: web.Request) -> web.Response:
    paced.append(time.monotonic())
    user_id = int(json.loads(await request.read())["recipient_id"])
    return answer(Channel(user_id + 1, None, type=1).json())


async def _paced(_: web.Request) -> web.Response:
    return web.json_response(paced)


async def _callback(request: web.Request) -> web.Response:
    body = json.loads(await request.read())
    message = Message(snowflake(), 1, body.get("data") or {})
    message.body["flags"] = message.body.get("flags", 0) | EPHEMERAL
    shown = {"id": request.match_info["id"], "type": 3, "response_message_id": str(message.id)}
    return answer({"interaction": shown, "resource": {"type": body["type"], "message": message.json()}})


async def _edit(request: web.Request) -> web.Response:
    paced.append(time.monotonic())
    return answer(Message(int(request.match_info["message"]), 1, json.loads(await request.read())).json())


async def _me(_: web.Request) -> web.Response:
    return answer(BOT)


async def _application(_: web.Request) -> web.Response:
    about: dict[str, Any] = {"id": str(APPLICATION), "name": "CodeRounds", "description": "", "icon": None, "flags": 0}
    return answer(about | {"bot_public": True, "bot_require_code_grant": False, "owner": BOT, "verify_key": ""})


async def _commands(request: web.Request) -> web.Response:
    extra = {"application_id": str(APPLICATION), "version": "1"}
    return answer([command | extra | {"id": str(snowflake())} for command in json.loads(await request.read())])


async def serve() -> None:
    """Until the parent ends this process; the first line of output is the port."""
    app = web.Application()
    base = "/api/v10"
    app.add_routes(
        [
            web.post(f"{base}/interactions/{{id}}/{{token}}/callback", _callback),
            web.patch(f"{base}/channels/{{channel}}/messages/{{message}}", _edit),
            web.post(f"{base}/channels/{{channel}}/messages", _create),
            web.post(f"{base}/users/@me/channels", _open_dm),
            web.get("/paced", _paced),
            web.get(f"{base}/users/@me", _me),
            web.get(f"{base}/oauth2/applications/@me", _application),
            web.put(f"{base}/applications/{{app}}/commands", _commands),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
