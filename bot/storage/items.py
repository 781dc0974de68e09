"""Items exactly as they were shown, by digest: what a round or session is judged by, whatever becomes of the content."""

from functools import lru_cache

from bot.core.content import Item
from bot.storage.database import Statement, sql


def keep(item: Item) -> Statement:
    """Keep the item as it is now."""
    return sql(
        "INSERT INTO items_shown (digest, item_id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        item.digest,
        item.id,
        item.body,
    )


@lru_cache(maxsize=2048)
def kept(digest: str, body: str) -> Item:  # noqa: ARG001  (the digest is the cheap part of the cache's key)
    """The item of a row of `items_shown`."""
    return Item.from_body(body)
