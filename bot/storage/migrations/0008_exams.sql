-- Dates of exams as their learners gave them: local time and zone, so that a change of the zone's rules moves the instant.
CREATE TABLE exam_dates (
    id $IDENTITY,
    user_id BIGINT NOT NULL,
    -- Where it was set; 0 in direct messages.
    guild_id BIGINT NOT NULL,
    exam TEXT NOT NULL,
    day TEXT NOT NULL,
    -- Minutes after midnight, null when the time is not known.
    minute BIGINT,
    zone TEXT NOT NULL,
    -- 1 planned, 2 cancelled, 3 passed, 4 not passed.
    state BIGINT NOT NULL DEFAULT 1,
    -- Counted up by each change; reminders are named by it.
    revision BIGINT NOT NULL DEFAULT 1,
    -- Why the last reminder did not arrive.
    fault TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX exam_dates_planned ON exam_dates (user_id, exam) WHERE state = 1;
CREATE INDEX exam_dates_by_user ON exam_dates (user_id, id);

CREATE TABLE reminder_settings (
    user_id BIGINT PRIMARY KEY,
    -- Empty where the learner chose none.
    zone TEXT NOT NULL DEFAULT '',
    -- Days before the exam, 0 for the morning of it, with spaces between.
    offsets TEXT NOT NULL DEFAULT '30 14 7 3 1 0',
    -- Minutes after midnight; both null without quiet hours.
    quiet_from BIGINT,
    quiet_until BIGINT,
    -- dm or server.
    where_to TEXT NOT NULL DEFAULT 'dm',
    -- Counted up by each change of these or of a date of this learner's: what was read with another one is not written.
    revision BIGINT NOT NULL DEFAULT 0
);
