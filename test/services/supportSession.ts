// Runs inside a D-Bus session with a keyring, as a process of its own: meets a canary password everywhere, then writes
// a support bundle and prints its path.
import { compose } from '../../electron/compose.ts';
import { addEnvironment, unlockEnvironment } from '../../electron/services/environments.ts';
import { logger } from '../../electron/services/logger.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { writeSupportBundle } from '../../electron/services/supportBundle.ts';
import { adHoc, run } from './backend.ts';
import { environmentOf } from './values.ts';

const [dataDirectory = '', url = '', source = '', password = '', host = ''] = process.argv.slice(2);
const backend = await compose({ dataDirectory, shell: 'commandLine' });
const { context } = backend;
const connection = environmentOf(url).connection;

const kept = await addEnvironment(context, {
  ...environmentOf(url, source),
  name: 'kept',
  secret: { password, keep: 'keychain' },
});
const asked = await addEnvironment(context, {
  ...environmentOf(url),
  name: 'asked',
  connection: connection.engine === 'sqlite' ? connection : { ...connection, host },
  secret: { password, keep: 'ask' },
});
await unlockEnvironment(context, asked.id, password);
const dumpCommand = {
  command: ['docker', 'exec', '-ePGPASSWORD=canary-word', 'pg_dump'],
  shell: false,
  host: null,
  port: null,
};
await saveSettings(context, { layer: { scope: { kind: 'tier', tier: 'test' }, values: { backup: { dumpCommand } } } });

const { run: failed, records } = await run(backend, { kind: 'environment', nameOrId: kept.id });
await run(backend, adHoc(url.replace('@', `:${encodeURIComponent(password)}@`), source)).catch(() => undefined);
logger.error(
  'A call failed unexpectedly.',
  new Error(`Cannot connect to postgres://x:${password}@${host}/db, canary row`),
);
logger.error(`Somebody typed ${password}`, `said ${password}\n[2026-01-01 00:00:00.000] canary row`);
logger.info(`password=${password}`);
const bundle = await writeSupportBundle(context, 'masked');
const rows = records.flatMap((record) => (record.type === 'resultSet' ? record.result.rows : []));
await backend.close();
process.stdout.write(`[{${JSON.stringify({ ...bundle, problem: failed.problem, rows }).slice(1)}]`);
