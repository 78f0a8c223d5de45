/**
 * `node test/fleet/killed.ts --kills 50 [--engines sqlite,postgres,mariadb] [--members 8] [--seed N]`: kills fleets at
 * random moments and adds what came of it to RESULTS.md; `--dry` only prints it.
 */
import { appendFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type BenchEngine, openEngine } from '../bench/engines.ts';
import { type KilledDatabase, killFleets } from './kills.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    engines: { type: 'string', default: 'sqlite' },
    members: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    dry: { type: 'boolean', default: false },
  },
});

await using open = new AsyncDisposableStack();
const engines: BenchEngine[] = [];
for (const name of values.engines.split(',')) {
  const id = (['sqlite', 'postgres', 'mariadb'] as const).find((one) => one === name);
  const engine = id === undefined ? null : await openEngine(id);
  if (engine === null) throw new Error(`${name} cannot be used here.`);
  engines.push(open.use(engine));
}

const databases = (): Promise<readonly KilledDatabase[]> =>
  Promise.all(
    Array.from({ length: Number(values.members) }, async (_, index) => {
      const database = await engines[index % engines.length]?.createDatabase();
      if (database === undefined) throw new Error('There is no engine.');
      return database;
    }),
  );

const startedAt = performance.now();
const counts = await killFleets({
  kills: Number(values.kills),
  seed: Number(values.seed),
  databases,
  tell: (line) => console.log(line),
});
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
const when = Object.entries(counts.when).map(([word, times]) => `${times} ${word}`);
const line = `| ${new Date().toISOString().slice(0, 10)} | ${engines.map(({ title }) => title).join(', ')} | ${values.members} | ${counts.fleets} | ${counts.kills} | ${when.join(', ')} | ${counts.atWork} | ${counts.told} | ${counts.wrong.length} | ${values.seed} | ${minutes} |\n`;
console.log(line);
for (const wrong of counts.wrong) console.log(wrong);
if (!values.dry) await appendFile(new URL('./RESULTS.md', import.meta.url), line);
process.exitCode = counts.wrong.length === 0 ? 0 : 1;
