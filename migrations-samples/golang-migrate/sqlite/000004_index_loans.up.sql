CREATE INDEX loans_due ON loans (due);
