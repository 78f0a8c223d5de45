/** Reads a file that may name connections: bounded, and passwords only where nobody else can read them. */
import { access, constants, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { mostImportedCharacters } from '../../../shared/contract/inputs.ts';
import type { ImportSource } from '../../../shared/model/transfer.ts';
import { raise } from '../../../shared/problem.ts';
import { myCnfFile } from '../../credentials/files/myCnf.ts';
import { pgpassFile } from '../../credentials/files/pgpass.ts';
import { pgServiceFile } from '../../credentials/files/pgService.ts';
import { readPrivateFile } from '../../credentials/files/readPrivateFile.ts';
import type { ConnectionFile } from './connectionFile.ts';

export type ImportFile = ConnectionFile;

/** @throws {ProblemError} `usage.invalid` */
export async function readImportFile(given: string): Promise<ImportFile> {
  const path = resolve(given);
  const own = [pgpassFile(), myCnfFile()].includes(path);
  if (own) {
    const read = await readPrivateFile(path);
    if (read.kind === 'read') return { name: path, text: read.text, beside: null, own };
    return refuse(read.kind === 'missing' ? `There is no file ${path}.` : read.message);
  }
  const text = await readBounded(path);
  const beside = /\.ya?ml$/i.test(path) ? await readBounded(join(dirname(path), '.env')).catch(() => null) : null;
  return { name: path, text, beside, own };
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((thrown: unknown) =>
    refuse(`${path} cannot be read: ${thrown instanceof Error ? thrown.message : ''}`),
  );
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return refuse(`${path} is not a plain file.`);
    if (facts.size > mostImportedCharacters) return refuse(`${path} is larger than such files are.`);
    const bytes = await file.readFile();
    if (bytes.includes(0))
      return refuse(
        `${path} is no text${bytes.toString('latin1', 0, 2) === 'PK' ? ': unpack it, and choose data-sources.json in its folder .dbeaver' : ''}.`,
      );
    return bytes.toString('utf8');
  } finally {
    await file.close();
  }
}

const refuse = (message: string): never =>
  raise({ code: 'usage.invalid', message, hint: 'Check the path and its rights, or leave this file out.' });

/** Of the programs that keep them at a known place, those that are there. */
export async function listImportSources(): Promise<ImportSource[]> {
  const known: readonly ImportSource[] = [
    { program: 'pgpass', path: pgpassFile() },
    { program: 'pgService', path: pgServiceFile() },
    { program: 'myCnf', path: myCnfFile() },
    { program: 'dbeaver', path: dbeaverFile() },
  ];
  const there = await Promise.all(
    known.map(({ path }) =>
      access(path, constants.R_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return known.filter((_source, index) => there[index]);
}

/** Of its first project (dbeaver.com/docs/dbeaver/Workspace-Location). */
function dbeaverFile(): string {
  const place =
    process.platform === 'win32'
      ? join(process.env['APPDATA'] ?? '', 'DBeaverData')
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'DBeaverData')
        : join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'DBeaverData');
  return join(place, 'workspace6', 'General', '.dbeaver', 'data-sources.json');
}
