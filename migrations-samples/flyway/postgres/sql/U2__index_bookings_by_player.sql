DROP INDEX CONCURRENTLY bookings_player_idx;
