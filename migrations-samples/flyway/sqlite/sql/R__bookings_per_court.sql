-- Applied again whenever it changed.
DROP VIEW IF EXISTS bookings_per_court;
CREATE VIEW bookings_per_court AS
SELECT courts.name, count(bookings.id) AS bookings
FROM courts LEFT JOIN bookings ON bookings.court_id = courts.id
GROUP BY courts.name;
