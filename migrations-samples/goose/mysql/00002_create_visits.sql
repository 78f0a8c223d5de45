-- Visits of the gardener.
-- +goose Up
CREATE TABLE visits (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    tree_id int NOT NULL,
    visited_at datetime NOT NULL,
    FOREIGN KEY (tree_id) REFERENCES trees (id)
);

-- +goose StatementBegin
CREATE TRIGGER visits_not_ahead BEFORE INSERT ON visits FOR EACH ROW
BEGIN
    IF new.visited_at > now() THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a visit cannot be in the future';
    END IF;
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE visits;
