-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY loans_borrower_idx ON loans (borrower);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY loans_borrower_idx;
