/**
 * Breaks dumps at random places before their digest is taken, and tells which level finds it: `node test/backups/broken.ts`.
 *
 * `--engine postgres15|mariadb|sqlite` (repeatable; all), `--places N` (1000) of each, `--seed S` (1), `--from N` the first
 * shot (0), `--write` adds the figures to RESULTS.md. Fails when something is neither found nor harmless.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { change, type Engine, engines, fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { type PrivateServer, startMariadb, startPostgres } from '../servers/index.ts';
import { adHoc, type TestDatabase, testBackend, testDatabase } from '../services/backend.ts';
import { type Broken, type Finding, shoot } from './brokenDumps.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true },
    places: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    write: { type: 'boolean', default: false },
  },
});

async function serverOf(engine: Engine): Promise<PrivateServer | null> {
  if (engine === 'sqlite') return null;
  return engine === 'mariadb' ? startMariadb() : startPostgres({ version: 15 });
}

async function databaseOn(server: PrivateServer | null): Promise<TestDatabase> {
  if (server === null) return testDatabase('sqlite');
  const database = await server.createDatabase();
  return {
    url: database.url,
    query: (sql) => database.query(sql),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function series(engine: Engine, seed: number, from: number, places: number): Promise<Broken[]> {
  await using test = await testBackend();
  const server = await serverOf(engine);
  try {
    await using database = await databaseOn(server);
    await fill(engine, database);
    await change(database, 'DELETE FROM log');
    const target = adHoc(database.url, test.folder);
    const backup = await backUp(test.backend.context, target);
    const found: Broken[] = [];
    for (let shot = from; shot < from + places; shot += 1) {
      const broken = await shoot(test.backend.context, target, backup, seed, shot);
      if (broken === null) continue;
      found.push(broken);
      if (broken.code === 'run.internal') console.log(`${engine}: shot ${shot} failed in a way nobody foresaw`);
      if (found.length % 50 === 0) console.log(`${engine}: ${found.length} of ${places}: ${shares(found)}`);
    }
    return found;
  } finally {
    await server?.stop();
  }
}

const levels: readonly Finding[] = ['checked', 'proven', 'harmless'];

const share = (found: readonly Broken[], level: Finding): string => {
  const number = found.filter((one) => one.found === level).length;
  return `${number} (${((100 * number) / Math.max(1, found.length)).toFixed(1)} %)`;
};

const shares = (found: readonly Broken[]): string =>
  levels.map((level) => `${level} ${share(found, level)}`).join(', ');

const results = fileURLToPath(new URL('./RESULTS.md', import.meta.url));

async function addResults(engine: Engine, found: readonly Broken[]): Promise<void> {
  const line = `| ${new Date().toISOString().slice(0, 10)} | ${engine} | ${values.seed} | ${found.length} | ${levels.map((level) => share(found, level)).join(' | ')} | ${found.filter(({ code }) => code === 'run.internal').length} |\n`;
  await writeFile(results, (await readFile(results, 'utf8')) + line);
}

const wanted = values.engine === undefined ? engines : engines.filter((one) => values.engine?.includes(one) === true);
for (const engine of wanted) {
  const found = await series(engine, Number(values.seed), Number(values.from), Number(values.places));
  console.log(`${engine}, seed ${values.seed}, ${found.length} places: ${shares(found)}`);
  for (const { shot, breakage, at } of found.filter(({ found: level }) => level === 'harmless').slice(0, 20))
    console.log(`  harmless: shot ${shot}, ${breakage} at byte ${at}`);
  if (found.some(({ code }) => code === 'run.internal')) process.exitCode = 1;
  if (values.write) await addResults(engine, found);
}
process.exit();
