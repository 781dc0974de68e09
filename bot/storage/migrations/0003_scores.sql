-- First answers that count, and what boards are read from.

-- A learner's first answer to an item in a guild and season, in whatever mode. `mark` tells the transaction that wrote
-- the row from one that came second: what follows from it happens once.
CREATE TABLE attempts (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    season BIGINT NOT NULL,
    week BIGINT NOT NULL,
    day TEXT NOT NULL,
    mode TEXT NOT NULL,
    source BIGINT NOT NULL,
    correct BIGINT NOT NULL,
    points BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    attempted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, guild_id, season, item_id)
) $CLUSTERED;
CREATE INDEX attempts_by_item ON attempts (guild_id, item_id, mark);

-- Group 0 is the whole server. Periods are numbered by bot/core/periods.py.
CREATE TABLE scores (
    guild_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    period BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    points BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    correct BIGINT NOT NULL,
    accuracy BIGINT NOT NULL,
    shown BIGINT NOT NULL,
    PRIMARY KEY (user_id, guild_id, period, group_id)
) $CLUSTERED;
CREATE INDEX scores_by_points ON scores (guild_id, group_id, period, shown, points, user_id);
-- Only who has answered enough is ranked by accuracy: early in a period a board would be read past everybody else.
CREATE INDEX scores_by_accuracy ON scores (guild_id, group_id, period, accuracy, user_id, answers, shown) WHERE shown = 1
    AND answers >= CASE WHEN period = 0 THEN 20 WHEN period >= 1000000 THEN 5 ELSE 10 END;

-- How many shown learners stand on each step of points and of accuracy: a rank is a sum over steps, never a count of
-- everybody above.
CREATE TABLE score_steps (
    guild_id BIGINT NOT NULL,
    group_id BIGINT NOT NULL,
    period BIGINT NOT NULL,
    metric BIGINT NOT NULL,
    step BIGINT NOT NULL,
    learners BIGINT NOT NULL,
    PRIMARY KEY (guild_id, group_id, period, metric, step)
) $CLUSTERED;

-- What people are called on boards: the name they had when they last pressed something.
CREATE TABLE learner_names (
    guild_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (guild_id, user_id)
);
CREATE INDEX learner_names_by_user ON learner_names (user_id);

ALTER TABLE learners ADD COLUMN pseudonym TEXT NOT NULL DEFAULT '';
ALTER TABLE streaks ADD COLUMN shown BIGINT NOT NULL DEFAULT 1;
UPDATE streaks SET shown = 0 WHERE user_id IN (SELECT user_id FROM learners WHERE visibility = 'hidden');
CREATE INDEX streaks_by_current ON streaks (guild_id, current, number, freezes, user_id) WHERE shown = 1;
CREATE INDEX streaks_by_longest ON streaks (guild_id, longest, user_id) WHERE shown = 1;
