-- What a department reckons with when it signs (hours, people, budget, impact), beside the signature; JSON, or none.
ALTER TABLE ask ADD COLUMN estimate TEXT;
ALTER TABLE signature ADD COLUMN estimate TEXT;
-- Links that were added to a request afterwards: no part of the signed content. A JSON list.
ALTER TABLE request ADD COLUMN attached TEXT NOT NULL DEFAULT '[]';
