-- What 0009_provisional is for: a deadline beyond the known holidays.
UPDATE obligation SET provisional = TRUE WHERE id = 'o-1';
