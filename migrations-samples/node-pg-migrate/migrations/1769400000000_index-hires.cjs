exports.up = (pgm) => {
  pgm.noTransaction();
  pgm.createIndex('hires', ['boat_id', 'created_at'], { concurrently: true });
};

exports.down = false;
