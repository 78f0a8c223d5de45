-- migrate:up
CREATE INDEX loans_borrower_idx ON loans (borrower);

-- migrate:down
DROP INDEX loans_borrower_idx;
