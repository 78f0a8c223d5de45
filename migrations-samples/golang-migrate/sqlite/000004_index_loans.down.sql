DROP INDEX loans_due;
