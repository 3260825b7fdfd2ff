-- What 0005_again adds, filled: a signature with its estimate, and a link that was added afterwards.
UPDATE ask SET estimate = '{"hours":16,"people":2,"budget":5000,"impact":"样机线停一天"}'
    WHERE request = '2026-Q4-SCB-001' AND department = 'YFB';
UPDATE signature SET estimate = '{"hours":16,"people":2,"budget":5000,"impact":"样机线停一天"}'
    WHERE request = '2026-Q4-SCB-001' AND department = 'YFB';
UPDATE request SET attached = '[{"name":"图纸","url":"https://docs.example.com/a","by":"zhang.wei","at":"2026-11-23T02:00:00Z"}]'
    WHERE id = '2026-Q4-SCB-001';
