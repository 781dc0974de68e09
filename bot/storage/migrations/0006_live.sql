-- Live rounds: a host, a channel, some questions one after the other.
CREATE TABLE live_rounds (
    id $IDENTITY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- The study group in whose place it is played; 0 for everybody.
    group_id BIGINT NOT NULL DEFAULT 0,
    host_user_id BIGINT NOT NULL,
    exam TEXT NOT NULL,
    length BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    -- 1 running, 2 paused, 3 ended.
    state BIGINT NOT NULL,
    -- The question that is asked or was asked last, from 1; 0 before the first.
    position BIGINT NOT NULL DEFAULT 0,
    fault TEXT NOT NULL DEFAULT '',
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX live_rounds_running ON live_rounds (channel_id) WHERE state < 3;

CREATE TABLE live_questions (
    live_id BIGINT NOT NULL REFERENCES live_rounds (id),
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES items_shown (digest),
    seed BIGINT NOT NULL,
    -- 0 to come, 1 asked, 2 closed and scored, 3 skipped.
    state BIGINT NOT NULL DEFAULT 0,
    delivery_id BIGINT,
    message_id BIGINT,
    closes_at BIGINT,
    -- Seconds that were left when the round was paused.
    remaining BIGINT,
    PRIMARY KEY (live_id, position)
);

-- A player's answer stands from the moment it is stored, may be changed until the question closes, and is judged then.
CREATE TABLE live_answers (
    live_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    chosen TEXT NOT NULL,
    correct BIGINT,
    points BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (live_id, position, user_id)
);
CREATE INDEX live_answers_by_user ON live_answers (user_id);
