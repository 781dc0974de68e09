-- A card is an item, a concept or a code that a learner keeps for review.
CREATE TABLE kept_cards (
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, subject)
);
INSERT INTO kept_cards (user_id, kind, subject, saved_at)
SELECT user_id, 'item', item_id, saved_at FROM cards;
DROP TABLE cards;
ALTER TABLE kept_cards RENAME TO cards;
