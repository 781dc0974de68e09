-- The processes that send for this bot at the moment; each says so every few seconds.
CREATE TABLE processes (
    name TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
) $CLUSTERED;
