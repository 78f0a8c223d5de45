import type { Migration } from '../../../shared/model/migration.ts';
import { counted, headOf, sampled } from '../common/detecting.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { compareSegments, fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { readLockkeeper } from './files.ts';
import { columns, lockkeeperHistory } from './history.ts';
import { layoutOf, manifestName } from './layout.ts';

export const lockkeeper: Tool = {
  id: 'lockkeeper',
  title: 'Lockkeeper',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'warned',
    downOrder: 'byHistory',
    transactional: true,
    retriesFailed: true,
    // Its command line is ours: the lock of the run is the only one needed.
    ownLock: null,
  },
  detect,
  read: (folder) => readLockkeeper(folder),
  history: lockkeeperHistory,
  recognises: (found) => hasColumns(found, columns),
  scaffold: (name, existing, at) => [
    { path: `${nextVersion(existing, at)}_${fileSlug(name)}.sql`, text: scaffoldText(name, at) },
  ],
};

async function detect(root: string): Promise<Detection | null> {
  const { parts } = await layoutOf(root);
  const manifest = await headOf(root, manifestName);
  // Hazards are accepted in every tool's files.
  const { looked, speaking } = await sampled(
    root,
    parts.map((part) => part.up),
    (head) => /^\s*--\s*lockkeeper:(?!\s*accept\b)/im.test(head),
  );
  const evidence =
    parts.length === 0
      ? []
      : [`${counted(parts.length, 'migration')} named by version, such as ${printable(parts[0]?.up ?? '')}`];
  if (manifest !== null)
    return { certainty: 1, evidence: [`the manifest ${manifestName}`, ...evidence], migrations: parts.length };
  if (looked === 0) return null;
  if (speaking === 0) {
    // Names alone say little: many tools name files so.
    return {
      certainty: 0.2,
      evidence: [...evidence, 'no marker of any tool is needed in our own format'],
      migrations: parts.length,
    };
  }
  return {
    certainty: 0.5 + (0.45 * speaking) / looked,
    evidence: [...evidence, `"-- lockkeeper:" in ${speaking} of ${looked} looked at`],
    migrations: parts.length,
  };
}

/** Like the newest there is: after dotted versions the next minor one, else the time. */
function nextVersion(existing: readonly Migration[], at: Date): string {
  const newest = existing
    .map((migration) => migration.version)
    .sort(compareSegments)
    .at(-1);
  const [major, minor] = newest?.split('.') ?? [];
  return minor === undefined ? timestampVersion(at) : `${major ?? '0'}.${Number(minor) + 1}.0`;
}

function scaffoldText(name: string, at: Date): string {
  return `-- description: ${name.replace(/\s+/g, ' ').trim()}
-- author:
-- date: ${at.toISOString().slice(0, 10)}
-- estimated: 1s
-- downtime: no

-- lockkeeper:up


-- lockkeeper:down


-- lockkeeper:verify

`;
}
