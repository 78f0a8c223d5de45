DROP INDEX guests_name_idx;
