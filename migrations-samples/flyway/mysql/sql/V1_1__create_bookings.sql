CREATE TABLE bookings (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    court_id int NOT NULL,
    player varchar(100) NOT NULL,
    starts_at datetime NOT NULL,
    FOREIGN KEY (court_id) REFERENCES courts (id)
) DEFAULT CHARSET = utf8mb4;

DELIMITER //
CREATE TRIGGER bookings_not_past BEFORE INSERT ON bookings FOR EACH ROW
BEGIN
    IF new.starts_at < now() THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a booking cannot begin in the past';
    END IF;
END//
DELIMITER ;
