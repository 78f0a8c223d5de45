-- Applied again whenever it changed.
CREATE OR REPLACE VIEW bookings_per_court AS
SELECT courts.name, count(bookings.id) AS bookings
FROM courts LEFT JOIN bookings ON bookings.court_id = courts.id
GROUP BY courts.name;
