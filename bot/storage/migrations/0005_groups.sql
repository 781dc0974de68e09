-- Study groups of a server.
CREATE TABLE study_groups (
    id $IDENTITY,
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The name as it is compared, so that no two open groups of a server differ in case or spaces alone.
    name_key TEXT NOT NULL,
    exam TEXT NOT NULL DEFAULT '',
    target_date TEXT,
    -- open, request or invitation.
    joining TEXT NOT NULL,
    -- 1 open, 2 closed.
    state BIGINT NOT NULL,
    -- Where the group's messages go: its thread, or the channel in which it was founded.
    channel_id BIGINT NOT NULL,
    thread_id BIGINT,
    role_id BIGINT,
    -- answers or days a week; empty without a goal.
    goal_kind TEXT NOT NULL DEFAULT '',
    goal BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    revision BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX study_groups_open ON study_groups (guild_id, name_key) WHERE state = 1;

-- A member's points count for the group from `joined_at` on; who leaves takes them along.
CREATE TABLE group_members (
    group_id BIGINT NOT NULL REFERENCES study_groups (id),
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (group_id, user_id)
);
CREATE UNIQUE INDEX group_owner ON group_members (group_id) WHERE owner = 1;
CREATE INDEX group_members_by_user ON group_members (user_id, guild_id, group_id, joined_at);
