CREATE INDEX CONCURRENTLY guests_name_idx ON guests (name);
