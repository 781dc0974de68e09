-- What goes to servers is claimed apart from what goes to persons.
CREATE INDEX deliveries_open_servers ON deliveries (wake_at) WHERE state < 2 AND target_user_id IS NULL;
CREATE INDEX deliveries_open_persons ON deliveries (wake_at) WHERE state < 2 AND target_user_id IS NOT NULL;
DROP INDEX deliveries_open;
