-- The study plan for an exam date: its weeks as they were shared out when it was made.
CREATE TABLE study_plans (
    exam_date_id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    -- The exam that it was made for.
    exam TEXT NOT NULL,
    -- The weeks with their tasks, as JSON.
    body TEXT NOT NULL,
    -- Why it is the one it is: made, asked, behind, moved.
    cause TEXT NOT NULL,
    -- 1 followed, 2 dropped.
    state BIGINT NOT NULL DEFAULT 1,
    -- 1 with a message each week.
    nudges BIGINT NOT NULL DEFAULT 1,
    -- Why the last of these did not arrive.
    fault TEXT NOT NULL DEFAULT '',
    -- The Monday of the last week that it ever had: what a calendar may still show.
    reach TEXT NOT NULL,
    -- Counted up by each change.
    revision BIGINT NOT NULL DEFAULT 1,
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX study_plans_by_user ON study_plans (user_id);
