-- Each of these is refused, for the reason above it; the rows of 0009.sql are there.
-- not null: whether a deadline may still move is always known
UPDATE obligation SET provisional = NULL WHERE id = 'o-1';
