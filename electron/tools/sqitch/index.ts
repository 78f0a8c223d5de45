import { raise } from '../../../shared/problem.ts';
import { counted } from '../common/detecting.ts';
import { hasColumns } from '../common/historyRows.ts';
import { readSettingsText } from '../common/settingsFile.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { readSqitch } from './files.ts';
import { columns, sqitchHistory } from './history.ts';
import { parsePlan } from './plan.ts';
import { readSettings } from './settings.ts';

export const sqitch: Tool = {
  id: 'sqitch',
  title: 'sqitch',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // It deploys what comes after the newest deployed change, and looks at nothing before it.
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    // It wraps nothing: scripts have BEGIN and COMMIT of their own, where their authors want them.
    leavesTransaction: 'always',
    keepsOwnTransactions: true,
    ownLock: 'pg_advisory_lock(75474063) or GET_LOCK on the database’s name; none on SQLite',
  },
  detect,
  read: readSqitch,
  history: sqitchHistory,
  recognises: (found) => hasColumns(found, columns),
  scaffold: (name) =>
    raise({
      code: 'source.unsupported',
      message: 'A change of sqitch needs its line in the plan, which sqitch writes.',
      hint: `Run: sqitch add ${fileSlug(name)} -n "what it is for"`,
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const settings = await readSettings(root, null, []);
  const text = await readSettingsText(root, settings.planFile, []);
  if (text === null || !/^[ \t]*%[ \t]*(?:syntax-version|project)\b/m.test(text)) return null;
  const { changes } = parsePlan(settings.planFile, text, []);
  return {
    certainty: 0.99,
    evidence: [
      `the plan ${settings.planFile} with ${counted(changes.length, 'change')}`,
      ...(settings.found ? [`sqitch.conf${settings.engine === null ? '' : ` for ${settings.engine}`}`] : []),
    ],
    migrations: changes.length,
  };
}
