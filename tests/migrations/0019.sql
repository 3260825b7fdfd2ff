-- What 0019_replicas adds, filled: two replicas, of which one knows less of the schema.
INSERT INTO replica (id, program, knows, place, started_at, seen_at) VALUES
    ('0199a1b2-0000-7000-8000-000000000001', '0.1.0', 19, 'liaison-1:4711', 1795402800000, 1795402860000),
    ('0199a1b2-0000-7000-8000-000000000002', '0.2.0', 21, 'liaison-2:4712', 1795402800000, 1795402860000);
