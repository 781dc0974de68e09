-- Live rounds: a host, a channel, some questions one after the other.
CREATE TABLE live_rounds (
    id $IDENTITY,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    -- The study group in whose thread it is played; 0 for everybody.
    group_id BIGINT NOT NULL DEFAULT 0,
    host_user_id BIGINT NOT NULL,
    exam TEXT NOT NULL,
    area TEXT NOT NULL DEFAULT '',
    length BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    -- 1 running, 2 paused, 3 over.
    state BIGINT NOT NULL,
    -- The question that is asked or was asked last, from 1.
    position BIGINT NOT NULL DEFAULT 1,
    paused_at BIGINT,
    -- Why it ended before its time.
    fault TEXT NOT NULL DEFAULT '',
    -- Tells the transaction that started it from one that came second.
    mark BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX live_rounds_running ON live_rounds (channel_id) WHERE state < 3;
CREATE UNIQUE INDEX live_rounds_by_mark ON live_rounds (mark);
CREATE INDEX live_rounds_by_guild ON live_rounds (guild_id, id);
CREATE INDEX live_rounds_by_host ON live_rounds (host_user_id);

CREATE TABLE live_questions (
    live_id BIGINT NOT NULL REFERENCES live_rounds (id),
    position BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES items_shown (digest),
    seed BIGINT NOT NULL,
    -- 0 to come, 1 asked, 2 closed and judged, 3 void.
    state BIGINT NOT NULL DEFAULT 0,
    delivery_id BIGINT NOT NULL DEFAULT 0,
    message_id BIGINT,
    -- Empty until it is out, and while its clock is stopped.
    closes_at BIGINT,
    -- Seconds that were left when the clock was stopped.
    remaining BIGINT,
    -- The number of answers and the closing time that its message shows.
    shown_count BIGINT NOT NULL DEFAULT 0,
    shown_closing BIGINT,
    PRIMARY KEY (live_id, position)
);
CREATE INDEX live_questions_open ON live_questions (live_id) WHERE state = 1;

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
