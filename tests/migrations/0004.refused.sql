-- Each of these is refused, for the reason above it; the rows of 0004.sql are there.
-- not null: a promise is open or it is not
UPDATE obligation SET promise_open = NULL WHERE id = 'o-3';
