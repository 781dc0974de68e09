-- The daily question: settings, rounds, answers, and the messages owed.
-- Instants are UTC seconds, local days ISO dates, truth values 0 or 1. Columns that name a person end in user_id.

CREATE TABLE guilds (
    guild_id BIGINT PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    zone TEXT NOT NULL,
    exam TEXT NOT NULL,
    organiser_user_id BIGINT NOT NULL,
    role_id BIGINT,
    reveal_hours BIGINT,
    freezes BIGINT NOT NULL,
    active BIGINT NOT NULL,
    fault TEXT NOT NULL DEFAULT '',
    revision BIGINT NOT NULL DEFAULT 1
);

-- The wording and key of each item exactly as some round showed it.
CREATE TABLE items_shown (
    digest TEXT PRIMARY KEY,
    item_id TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE deliveries (
    id $IDENTITY,
    kind TEXT NOT NULL,
    guild_id BIGINT NOT NULL,
    target_user_id BIGINT,
    subject TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    due_at BIGINT NOT NULL,
    useful_until BIGINT NOT NULL,
    state BIGINT NOT NULL DEFAULT 0,
    -- When the row next needs somebody: due or retry time while pending, end of the lease while claimed.
    wake_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease TEXT NOT NULL DEFAULT '',
    unsure_since BIGINT,
    message_id BIGINT,
    settled_at BIGINT,
    fault TEXT NOT NULL DEFAULT ''
);
CREATE INDEX deliveries_open ON deliveries (wake_at) WHERE state < 2;
CREATE INDEX deliveries_by_guild ON deliveries (guild_id, kind, state);
CREATE INDEX deliveries_by_user ON deliveries (target_user_id) WHERE target_user_id IS NOT NULL;
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE state >= 2;

CREATE TABLE rounds (
    id $IDENTITY,
    guild_id BIGINT NOT NULL,
    local_date TEXT NOT NULL,
    number BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    digest TEXT NOT NULL REFERENCES items_shown (digest),
    seed BIGINT NOT NULL,
    state BIGINT NOT NULL,
    freezes BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    delivery_id BIGINT NOT NULL,
    message_id BIGINT,
    thread_id BIGINT,
    late BIGINT NOT NULL DEFAULT 0,
    shown_count BIGINT NOT NULL DEFAULT 0,
    reveal_at BIGINT,
    UNIQUE (guild_id, local_date),
    UNIQUE (guild_id, number)
);
CREATE INDEX rounds_open ON rounds (guild_id) WHERE state = 1;

CREATE TABLE answers (
    round_id BIGINT NOT NULL REFERENCES rounds (id),
    user_id BIGINT NOT NULL,
    guild_id BIGINT NOT NULL,
    chosen TEXT NOT NULL,
    correct BIGINT NOT NULL,
    late BIGINT NOT NULL,
    points BIGINT NOT NULL,
    guessed BIGINT NOT NULL DEFAULT 0,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, user_id)
);
CREATE INDEX answers_by_user ON answers (user_id, guild_id, round_id);

-- Where a learner's streak stood after the last round answered in time; later misses are worked out on reading.
CREATE TABLE streaks (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    current BIGINT NOT NULL,
    longest BIGINT NOT NULL,
    freezes BIGINT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
CREATE INDEX streaks_by_user ON streaks (user_id);

-- What a learner saved for review.
CREATE TABLE cards (
    user_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, item_id)
);

CREATE TABLE flags (
    guild_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    flagged_at BIGINT NOT NULL,
    -- Flags that an organiser has decided about no longer count towards a withdrawal.
    decided BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, item_id, user_id)
);
CREATE INDEX flags_by_user ON flags (user_id);

CREATE TABLE withdrawals (
    guild_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    decided_user_id BIGINT,
    PRIMARY KEY (guild_id, item_id)
);

CREATE TABLE learners (
    user_id BIGINT PRIMARY KEY,
    visibility TEXT NOT NULL
);

-- Small facts of the installation itself, such as the digest of the commands last registered.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
