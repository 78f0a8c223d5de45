import { describe, expect, it } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { testBackend, writeFolder } from '../services/backend.ts';

describe('our own format', () => {
  it.each(['-- migrate:down', '-- +goose Down', '-- Down Migration', '-- Down Migration (Rollback)'])(
    'refuses a file with another tool’s section %s rather than running its rollback with the rest',
    async (mark) => {
      await using test = await testBackend();
      const folder = await writeFolder(test.folder, {
        '1_a.sql': `create table a (id integer);\n${mark}\ndrop table a;\n`,
        '2_b.sql': '-- the down migration of this is a restore\ncreate table b (id integer);\n',
      });
      const { problems } = await toolFor('lockkeeper').read(folder, {
        engine: 'sqlite',
        historyTable: null,
        placeholders: {},
      });
      expect(problems).toMatchObject([{ code: 'source.invalidSections', path: '1_a.sql', line: 2 }]);
    },
  );
});
