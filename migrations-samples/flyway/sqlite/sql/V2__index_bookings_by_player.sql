CREATE INDEX bookings_player_idx ON bookings (player);
