"""The simulated clock and the actions of visitors take turns.

The simulation refuses what begins while something else is under way. Its page takes that refusal for an answer that got
lost: it says that the action's outcome is uncertain, and takes no action any more. So each waits for the other here.
This is the one file that reaches into simcord's own parts, whose version is pinned.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from simcord import Env
from simcord.preview import Preview


class Turns:
    """Hands out the turns of one preview, from the moment it is made."""

    def __init__(self, env: Env, preview: Preview) -> None:
        self._env = env
        self._preview = preview
        # First come, first served: neither a long skip nor a busy visitor can keep the other out.
        self._turn = asyncio.Lock()
        self._shown = len(env.http_requests)
        self._before: dict[str, tuple[int, Mapping[str, Any]]] = {}
        self._act = preview._action
        preview._action = self._action

    async def advance(self, seconds: float) -> None:
        """Move the clock. Raises TimeoutError when what falls due takes too long; it stands somewhere between then."""
        async with self._turn:
            await self._env.advance_time(seconds)

    async def refresh(self) -> None:
        """Show the pages what the bot did by itself since the last time, if anything. Raises simcord.SetupError after
        a visitor ended the page's session, and TimeoutError."""
        async with self._turn:
            if len(self._env.http_requests) == self._shown:
                return
            # Every refresh draws the page anew and closes its lists, hence only when there is something to show.
            pages = self._preview._pages.values()
            self._before = {page.id: (page.revision, page.snapshot) for page in pages}
            await self._preview.refresh()
            self._shown = len(self._env.http_requests)

    async def _action(self, context_id: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self._turn:
            requests = len(self._env.http_requests)
            try:
                return await self._act(context_id, self._as_of_now(context_id, body))
            finally:
                # The page shows by itself what came of its own action.
                self._shown += len(self._env.http_requests) - requests

    def _as_of_now(self, context_id: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same action on the page as it is now, where a refresh alone came between.

        The page learns of a refresh up to half a second later, and what a visitor does until then would be refused as
        outdated. On Discord it counts, as long as what was pressed is still there.
        """
        page = self._preview._pages.get(context_id or "")
        if page is None or not isinstance(body, Mapping):
            return body
        revision, snapshot = self._before.get(page.id, (0, {}))
        if body.get("published_revision") != revision:
            return body
        key = body.get("control_key")
        if key is not None and _control(snapshot, key) != _control(page.snapshot, key):
            return body
        return {**body, "published_revision": page.revision}


def _control(snapshot: Mapping[str, Any], key: str) -> Any:
    """The button or select of that key, as the page draws it."""
    return next((part for part in _parts(snapshot.get("messages")) if part.get("control_key") == key), None)


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for child in value.values():
            yield from _parts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _parts(child)
