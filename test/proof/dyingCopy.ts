// A process that dies by SIGKILL while it uses a restored copy.
import { compose } from '../../electron/compose.ts';
import { resolveTarget } from '../../electron/services/target.ts';
import { withRestoredCopy } from '../../electron/services/withRestoredCopy.ts';

const [dataDirectory = '', url = '', id = ''] = process.argv.slice(2);
const { context } = await compose({ dataDirectory, shell: 'commandLine' });
const backup = context.workspace.backups.get(id);
if (backup === null) throw new Error('no backup');
const options = {
  signal: new AbortController().signal,
  accept: [],
  progress: () => undefined,
  warn: () => undefined,
};
await withRestoredCopy(context, await resolveTarget(context, { kind: 'adHoc', url }), backup, options, async () => {
  process.kill(process.pid, 'SIGKILL');
});
