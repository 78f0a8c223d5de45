-- description: Orders
-- requires: 1.0.0
CREATE TABLE orders (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    plant_id bigint NOT NULL,
    amount integer NOT NULL,
    ordered_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (plant_id) REFERENCES plants (id)
);
