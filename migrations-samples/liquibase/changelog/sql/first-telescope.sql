-- for ${observer}
INSERT INTO telescopes (name, aperture_m) VALUES ('Refractor', 1.2);
