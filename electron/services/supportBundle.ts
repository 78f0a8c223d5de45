/** Diagnostics as one file: how everything is set up and what runs came to, without secrets and without anybody's data. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Environment } from '../../shared/model/environment.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import { fromDisk } from '../backups/archive/diskProblem.ts';
import { describeApplication } from './application.ts';
import type { Context } from './context.ts';
import { lastKnown } from './lastKnown.ts';
import { listBackups } from './listBackups.ts';
import { listTools } from './listTools.ts';
import { withoutWords } from './logger.ts';
import { withoutSecrets } from './redact.ts';
import { bareBackup, bareProblem, bareRecord } from './supportFacts.ts';
import { isLoopback } from './target.ts';

/** Of what there is much, the newest. */
const kept = { runs: 200, logs: 20, backups: 200, logBytes: 1 << 20 };

/** @throws {ProblemError} `backup.folder`, `backup.diskFull` */
export async function writeSupportBundle(
  context: Context,
  hostNames: 'shown' | 'masked',
): Promise<{ path: string; bytes: number }> {
  const text = withoutSecrets(JSON.stringify(await collect(context), null, 1));
  const content = await promisify(gzip)(hostNames === 'masked' ? masked(context, text) : text);
  const folder = path.join(context.workspace.dataDirectory, 'support');
  const stamp = new Date(context.clock.now()).toISOString().replace(/[-:.]/g, '');
  const file = path.join(folder, `lockkeeper-support-${stamp}.json.gz`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    throw fromDisk(thrown, folder);
  }
  return { path: file, bytes: content.length };
}

async function collect(context: Context) {
  const { workspace, host, runs } = context;
  const summaries = workspace.runs.list({ limit: kept.runs });
  const logs = [];
  for (const { id } of summaries.slice(0, kept.logs))
    logs.push({ run: id, records: (await runs.records(id).catch(() => [])).map(bareRecord) });
  const layers = workspace.settings.layers();
  return {
    format: 1,
    writtenAt: new Date(context.clock.now()).toISOString(),
    application: await describeApplication(context),
    versions: {
      ...process.versions,
      lockkeeper: host.version,
      system: `${process.platform} ${release()} ${process.arch}`,
    },
    settings: {
      workspace: bareLayer(layers.workspace),
      tiers: Object.fromEntries(Object.entries(layers.tiers).map(([tier, layer]) => [tier, bareLayer(layer)])),
    },
    environments: workspace.environments.list().map((one) => bareEnvironment(context, one)),
    tools: await listTools(),
    workspace: workspace.health(),
    keychain: await context.credentials.keychain.health(),
    runs: summaries,
    logs,
    backups: (await listBackups(context, null)).slice(0, kept.backups).map(bareBackup),
    applicationLog: withoutWords(await logText(workspace.dataDirectory)),
  };
}

/** Placeholders may be passwords: their names only. */
function bareEnvironment(context: Context, { source, settings = {}, ...environment }: Environment) {
  const found = lastKnown(context, environment.id);
  return {
    ...environment,
    settings: bareLayer(settings),
    source: source === null ? null : { ...source, placeholders: Object.keys(source.placeholders ?? {}) },
    lastKnown:
      found === null ? null : { ...found, problem: found.problem === null ? null : bareProblem(found.problem) },
  };
}

/** The words of a command may be passwords: its program only. */
function bareLayer({ backup = {}, ...layer }: SettingsLayer) {
  const { dumpCommand, provingServer, ...others } = backup;
  const program =
    dumpCommand === undefined || dumpCommand === null ? null : path.basename(dumpCommand.command[0] ?? '');
  return { ...layer, backup: { ...others, dumpProgramReachedBy: program, hasProvingServer: provingServer != null } };
}

/** Its end. */
async function logText(dataDirectory: string): Promise<string> {
  const text = await readFile(path.join(dataDirectory, 'logs', 'lockkeeper.log'), 'utf8').catch(() => '');
  return text.slice(-kept.logBytes);
}

/** Each name by the same number everywhere. This computer's own address tells nobody anything. */
function masked(context: Context, text: string): string {
  const names = context.workspace.environments
    .list()
    .flatMap(({ connection }) => (connection.engine === 'sqlite' ? [] : [connection.host, connection.ssh?.host ?? '']));
  const all = [...new Set([context.host.hostName, ...names])].filter((name) => name !== '' && !isLoopback(name));
  return all
    .map((name, index) => [name, `host-${index + 1}`] as const)
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((before, [name, mask]) => before.replaceAll(name, mask), text);
}
