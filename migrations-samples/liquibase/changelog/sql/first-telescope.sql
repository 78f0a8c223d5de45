INSERT INTO telescopes (name, aperture_m) VALUES ('Refractor', 1.2); -- for ${observer}
