CREATE INDEX guests_name_idx ON guests (name);
