-- Loans. dbmate knows no DELIMITER: what needs one does not belong here.
-- migrate:up
CREATE TABLE loans (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    book_id bigint NOT NULL,
    borrower varchar(200) NOT NULL,
    lent_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    returned_at timestamp NULL,
    FOREIGN KEY (book_id) REFERENCES books (id)
) DEFAULT CHARSET = utf8mb4;

-- migrate:down
DROP TABLE loans;
