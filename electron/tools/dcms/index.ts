import { join } from 'node:path';
import { counted, headOf } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readDcms } from './files.ts';
import { columns, dcmsHistory } from './history.ts';

export const dcms: Tool = {
  id: 'dcms',
  title: 'DCMS',
  engines: ['postgres'],
  rules: {
    outOfOrder: 'warned',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    // Its guide has a lock_timeout, but no word on what is locked.
    ownLock: null,
  },
  detect,
  read: (folder) => readDcms(folder),
  history: dcmsHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, _existing, at) {
    const base = `${timestampVersion(at)}_${fileSlug(name)}`;
    return [
      { path: `${base}.up.sql`, text: '\n' },
      { path: `${base}.down.sql`, text: '\n' },
    ];
  },
};

const configName = 'migration-config.toml';

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const ups = files.filter((name) => fileName.exec(name)?.[4] === 'up');
  if (ups.length === 0) return null;
  const evidence = [
    `${counted(ups.length, 'file')} named by a time of 14 digits with ".up.sql", such as ${printable(ups[0] ?? '')}`,
  ];
  // Other tools name pairs like this too: only its configuration makes it certain.
  const config = (await headOf(root, configName)) ?? (await headOf(join(root, '..'), configName));
  if (config === null || !/^\s*\[migrations\]/m.test(config))
    return { certainty: 0.45, evidence, migrations: ups.length };
  return { certainty: 0.95, evidence: [...evidence, `its configuration ${configName}`], migrations: ups.length };
}
