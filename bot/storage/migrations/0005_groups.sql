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
    -- The week from which on there has been a goal without a break.
    goal_since BIGINT NOT NULL DEFAULT 0,
    -- What the bot could not do for the group when it last tried.
    fault TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
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

-- What an organiser allows; the defaults stand in bot/core/groups.py too. Writing the row is also how whoever changes
-- the members of a guild's groups waits for their turn, so that what they count is still so when they write.
CREATE TABLE group_limits (
    guild_id BIGINT PRIMARY KEY,
    groups_at_most BIGINT NOT NULL DEFAULT 25,
    owned_at_most BIGINT NOT NULL DEFAULT 2,
    joined_at_most BIGINT NOT NULL DEFAULT 5,
    members_at_most BIGINT NOT NULL DEFAULT 50,
    creators TEXT NOT NULL DEFAULT 'everyone',
    turn BIGINT NOT NULL DEFAULT 0
);

-- Somebody asked to join. 0 undecided, 1 accepted, 2 declined.
CREATE TABLE group_requests (
    id $IDENTITY,
    group_id BIGINT NOT NULL REFERENCES study_groups (id),
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    state BIGINT NOT NULL DEFAULT 0,
    asked_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX group_requests_open ON group_requests (group_id, user_id) WHERE state = 0;
CREATE INDEX group_requests_by_user ON group_requests (user_id);

-- A week (numbered by bot/core/periods.py) and its goal; `reached` is written once, when the week is over.
CREATE TABLE group_weeks (
    group_id BIGINT NOT NULL REFERENCES study_groups (id),
    week BIGINT NOT NULL,
    goal_kind TEXT NOT NULL,
    goal BIGINT NOT NULL,
    reached BIGINT,
    settled_at BIGINT,
    delivery_id BIGINT,
    channel_id BIGINT,
    message_id BIGINT,
    -- What the message of the week says has been reached.
    shown BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id, week)
);
CREATE INDEX group_weeks_running ON group_weeks (group_id) WHERE settled_at IS NULL;

-- Study sessions of a group. 0 not confirmed yet, 1 planned, 2 cancelled, 3 over.
CREATE TABLE meetings (
    id $IDENTITY,
    guild_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL REFERENCES study_groups (id),
    host_user_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    where_id BIGINT,
    voice BIGINT NOT NULL DEFAULT 0,
    state BIGINT NOT NULL DEFAULT 0,
    event_id BIGINT,
    delivery_id BIGINT,
    channel_id BIGINT,
    message_id BIGINT,
    -- How many people the message counts as coming or there.
    shown BIGINT NOT NULL DEFAULT 0,
    fault TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL
);
CREATE INDEX meetings_by_group ON meetings (group_id, starts_at);
CREATE INDEX meetings_by_host ON meetings (host_user_id);
CREATE INDEX meetings_planned ON meetings (guild_id) WHERE state = 1;

CREATE TABLE meeting_people (
    meeting_id BIGINT NOT NULL REFERENCES meetings (id),
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    coming BIGINT NOT NULL DEFAULT 0,
    here_at BIGINT,
    PRIMARY KEY (meeting_id, user_id)
);
CREATE INDEX meeting_people_by_user ON meeting_people (user_id);
