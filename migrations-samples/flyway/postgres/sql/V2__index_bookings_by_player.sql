CREATE INDEX CONCURRENTLY bookings_player_idx ON bookings (player);
