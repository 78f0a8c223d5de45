DROP TABLE bookings;
DROP FUNCTION refuse_past_bookings();
