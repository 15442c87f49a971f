-- When a person said last what an example means; null for those an editor wrote. Of an intent with very many examples
-- not all are kept as neighbours: these come first.
ALTER TABLE examples ADD COLUMN corrected_at timestamptz;
