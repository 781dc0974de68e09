-- Credentials whose continuing education units are tracked, what was earned, and what cycles needed that are over.
-- Units are counted in quarters; days are those of the learner's calendar.
CREATE TABLE ceu_credentials (
    id $IDENTITY,
    user_id BIGINT NOT NULL,
    -- Where it was set; 0 in direct messages.
    guild_id BIGINT NOT NULL,
    exam TEXT NOT NULL,
    -- First and last day of the first cycle, and how many months each after it lasts.
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    months BIGINT NOT NULL,
    -- What a cycle needs by the learner's own word; null where the issuer's rule is known.
    own BIGINT,
    -- Counted up by each change; reminders are named by it. What was read with another one is not written.
    revision BIGINT NOT NULL,
    -- Why the last reminder did not arrive.
    fault TEXT NOT NULL DEFAULT '',
    changed_at BIGINT NOT NULL,
    UNIQUE (user_id, exam)
);

CREATE TABLE ceu_entries (
    id $IDENTITY,
    user_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    quarters BIGINT NOT NULL,
    title TEXT NOT NULL,
    provider TEXT NOT NULL,
    -- Ids of the minimums that it serves, with spaces between.
    categories TEXT NOT NULL DEFAULT '',
    -- The one issuer that accepts it; empty for all.
    issuer TEXT NOT NULL DEFAULT '',
    link TEXT NOT NULL DEFAULT '',
    added_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX ceu_entries_by_user ON ceu_entries (user_id, day, id);

-- What a cycle needed when it ended: rules and the credentials held may be others by now. `parts` is JSON.
CREATE TABLE ceu_cycles (
    credential_id BIGINT NOT NULL REFERENCES ceu_credentials (id) ON DELETE CASCADE,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    parts TEXT NOT NULL,
    settled_at BIGINT NOT NULL,
    PRIMARY KEY (credential_id, first_day)
);
CREATE INDEX ceu_cycles_by_user ON ceu_cycles (user_id);
