exports.shorthands = {
  money: { type: 'numeric(10,2)', notNull: true, default: 0 },
};

exports.up = (pgm) => {
  pgm.createTable('boats', {
    id: 'id',
    name: { type: 'text', notNull: true, unique: true },
    seats: { type: 'integer', notNull: true, check: 'seats > 0' },
    price_per_day: 'money',
  });
};

exports.down = (pgm) => {
  pgm.dropTable('boats');
};
