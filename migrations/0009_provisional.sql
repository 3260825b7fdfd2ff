-- Deadlines beyond the known holidays: few, and all of them are counted again when a further year is known.
CREATE INDEX obligation_provisional ON obligation (id) WHERE provisional AND closed_at IS NULL;
