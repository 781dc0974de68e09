-- A claim changes the state, and with it no longer the pages of an index by server: 280 pages a claim of 100, 110 now.
CREATE INDEX deliveries_of_guild ON deliveries (guild_id, kind);
CREATE INDEX deliveries_failed ON deliveries (guild_id, settled_at) WHERE state IN (3, 4);
DROP INDEX deliveries_by_guild;
