DROP INDEX orders_ordered_at_idx;
