DROP INDEX loans_due ON loans;
