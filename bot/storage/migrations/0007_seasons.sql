-- Seasons that ended, who won them, and what boards need besides.

CREATE TABLE seasons (
    guild_id BIGINT NOT NULL,
    -- The number that bot/core/periods.py gives the month.
    season BIGINT NOT NULL,
    posted_at BIGINT NOT NULL,
    learners BIGINT NOT NULL,
    PRIMARY KEY (guild_id, season)
);

CREATE TABLE season_winners (
    guild_id BIGINT NOT NULL,
    season BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (guild_id, season, user_id)
);
CREATE INDEX season_winners_by_user ON season_winners (user_id);

-- The role that the winners of the last season wear.
CREATE TABLE season_roles (
    guild_id BIGINT PRIMARY KEY,
    role_id BIGINT NOT NULL
);

CREATE UNIQUE INDEX learners_pseudonym ON learners (pseudonym) WHERE pseudonym <> '';

-- Only who has answered enough is ranked by accuracy: early in a period a board would be read past everybody else.
DROP INDEX scores_by_accuracy;
CREATE INDEX scores_by_accuracy ON scores (guild_id, group_id, period, accuracy, user_id, answers, shown) WHERE shown = 1
    AND answers >= CASE WHEN period = 0 THEN 20 WHEN period >= 1000000 THEN 5 ELSE 10 END;
