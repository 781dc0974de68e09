-- A claim changes the state, and with it no longer the pages of an index by server: 280 pages a claim of 100, 110 now.
CREATE INDEX deliveries_of_guild ON deliveries (guild_id, kind);
CREATE INDEX deliveries_failed ON deliveries (guild_id, settled_at) WHERE state IN (3, 4);
DROP INDEX deliveries_by_guild;
-- With the server beside the time, a claim passes over what a server that has its share owes; on SQLite without reading it.
DROP INDEX deliveries_open_servers;
DROP INDEX deliveries_open_persons;
CREATE INDEX deliveries_open_servers ON deliveries (wake_at, id, guild_id) WHERE state < 2 AND target_user_id IS NULL;
CREATE INDEX deliveries_open_persons ON deliveries (wake_at, id, guild_id) WHERE state < 2 AND target_user_id IS NOT NULL;
