'use strict';

module.exports = {
  up: async (queryInterface) => {
    await queryInterface.addIndex('lendings', ['tool_id'], { name: 'lendings_by_tool' });
    const columns = await queryInterface.describeTable('lendings');
    if (!('until' in columns)) throw new Error('lendings have no end');
  },

  down: (queryInterface) => queryInterface.removeIndex('lendings', 'lendings_by_tool'),
};
