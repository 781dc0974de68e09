-- Private practice: a session is a run of one learner, its items are kept as they were put.
CREATE TABLE sessions (
    id $IDENTITY,
    user_id BIGINT NOT NULL,
    -- The server in which it was started, whose boards it counts for; 0 in direct messages.
    guild_id BIGINT NOT NULL,
    -- 0 asked for while another one was running, 1 running, 2 finished, 3 closed unfinished.
    state BIGINT NOT NULL,
    exam TEXT NOT NULL,
    area TEXT NOT NULL,
    topic TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    -- The number of questions asked for; there may have been fewer.
    length BIGINT NOT NULL,
    -- The session whose misses it asks again.
    redo_of BIGINT,
    -- The item that is before the learner, from 1.
    position BIGINT NOT NULL DEFAULT 1,
    started_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    ended_at BIGINT,
    shared_at BIGINT
);
CREATE UNIQUE INDEX sessions_running ON sessions (user_id) WHERE state = 1;
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX sessions_by_touch ON sessions (touched_at) WHERE state < 2;

CREATE TABLE session_items (
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    position BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES items_shown (digest),
    seed BIGINT NOT NULL,
    chosen TEXT,
    correct BIGINT,
    points BIGINT NOT NULL DEFAULT 0,
    -- How the answer came about, in the learner's own judgement: misread, lookup, rule, guessed.
    reason TEXT NOT NULL DEFAULT '',
    answered_at BIGINT,
    PRIMARY KEY (session_id, position)
);
CREATE INDEX session_items_by_user ON session_items (user_id, answered_at, item_id);
