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
