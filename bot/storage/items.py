"""Items exactly as they were shown, by digest: what a round or session is judged by, whatever becomes of the content."""

from bot.core.content import Item
from bot.storage.database import Database, Statement, sql

KEPT_AT_MOST = 2048
_kept: dict[str, Item] = {}
"""Items by digest: of one digest there is one item."""


def keep(item: Item) -> Statement:
    """Keep the item as it is now."""
    return sql(
        "INSERT INTO items_shown (digest, item_id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        item.digest,
        item.id,
        item.body,
    )


def kept(digest: str, body: str) -> Item:
    """The item of a row of `items_shown`."""
    item = _kept.get(digest)
    if item is None:
        if len(_kept) >= KEPT_AT_MOST:
            _kept.clear()
        item = _kept[digest] = Item.from_body(body)
    return item


async def item_of(db: Database, digest: str) -> Item:
    """An item as it was shown."""
    if (item := _kept.get(digest)) is not None:
        return item
    [row] = await db.look_up("SELECT body FROM items_shown WHERE digest = $1", digest)
    return kept(digest, row["body"])
