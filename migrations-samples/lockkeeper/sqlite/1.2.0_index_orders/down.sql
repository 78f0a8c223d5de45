DROP INDEX orders_plant_idx;
