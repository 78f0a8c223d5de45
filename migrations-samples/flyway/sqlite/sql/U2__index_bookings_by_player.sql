DROP INDEX bookings_player_idx;
