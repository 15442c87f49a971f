-- Whether live messages may still take the version back: one made from corrections, until a person or a roll-back
-- chose it. What an editor put answers in any case. Versions that are older than this column are trusted.
ALTER TABLE models ADD COLUMN on_trial boolean NOT NULL DEFAULT false;
