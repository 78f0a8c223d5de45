/** Reads a folder in our own format: single files with sections, pairs, and a folder per version, in one order. */
import type { Migration, MigrationMetadata } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { invalidMetadata, readJsonFile } from '../common/json.ts';
import { withoutDuplicates } from '../common/problems.ts';
import { type ScannedFile, type Section, scanFile, scriptOf } from '../common/scan.ts';
import { newFindings, readResult } from '../common/source.ts';
import { canonicalSegments, compareSegments } from '../common/versions.ts';
import { PackageReader } from '../programs/packages.ts';
import type { ReadResult } from '../tool.ts';
import { layoutOf, manifestName, type Parts } from './layout.ts';
import { metadataFromComments, metadataFromJson } from './metadata.ts';
import { fromProgram } from './program.ts';
import { inTransaction, scanRules, sectionsOf, wholeOf } from './sections.ts';

export async function readLockkeeper(root: string): Promise<ReadResult> {
  const layout = await layoutOf(root);
  const findings = newFindings();
  findings.problems.push(...layout.problems);
  findings.notices.push(...layout.notices);
  const manifest = await readManifest(root, findings.problems);
  const migrations: Migration[] = [];
  const packages = new PackageReader();
  for (const parts of layout.parts) {
    const { form } = parts;
    if (form === 'program') migrations.push(fromProgram(root, parts, packages, findings.problems));
    else if (form === 'sections') migrations.push(await fromSections(root, parts, findings.problems));
    else migrations.push(await fromFiles(root, parts, findings.problems));
  }
  migrations.sort((a, b) => compareSegments(a.version, b.version));
  // 1.2 and 1.2.0 are one version: their order would be undefined.
  const { kept, problems } = withoutDuplicates(migrations, (migration) => canonicalSegments(migration.version));
  findings.problems.push(...problems);
  return readResult(root, 'lockkeeper', kept, findings, manifest);
}

async function fromSections(root: string, parts: Parts, problems: Problem[]): Promise<Migration> {
  const file = await scan(root, parts.up, problems);
  const { up, down, verify, head, problems: structure } = sectionsOf(file);
  const described = metadataFromComments(up === head ? head.comments : [...head.comments, ...up.comments], file.path);
  problems.push(...structure, ...described.problems);
  return {
    ...identity(parts),
    up: scriptOf(file, up),
    down: down === null ? null : scriptOf(file, down),
    verify: verify === null ? null : scriptOf(file, verify),
    checksum: up.canonical,
    transaction: { up: inTransaction(head, up), down: inTransaction(head, ...(down === null ? [] : [down])) },
    metadata: described.metadata,
  };
}

async function fromFiles(root: string, parts: Parts, problems: Problem[]): Promise<Migration> {
  const up = await scanWhole(root, parts.up, problems);
  const down = parts.down === null ? null : await scanWhole(root, parts.down, problems);
  const verify = parts.verify === null ? null : await scanWhole(root, parts.verify, problems);
  const described = metadataFromComments(up.section.comments, parts.up);
  problems.push(...described.problems);
  const beside = parts.metadata === null ? {} : await readMetadata(root, parts.metadata, problems);
  return {
    ...identity(parts),
    up: scriptOf(up.file, up.section),
    down: down === null ? null : scriptOf(down.file, down.section),
    verify: verify === null ? null : scriptOf(verify.file, verify.section),
    checksum: up.section.canonical,
    transaction: { up: inTransaction(up.section), down: down === null || inTransaction(down.section) },
    metadata: { ...described.metadata, ...beside },
  };
}

const identity = ({ version, name }: Parts) => ({ version, historyKey: version, name, kind: 'versioned' as const });

async function scan(root: string, path: string, problems: Problem[]): Promise<ScannedFile> {
  const file = await scanFile(root, path, scanRules);
  if (file.problem !== null) problems.push(file.problem);
  return file;
}

async function scanWhole(
  root: string,
  path: string,
  problems: Problem[],
): Promise<{ file: ScannedFile; section: Section }> {
  const file = await scan(root, path, problems);
  const whole = wholeOf(file);
  problems.push(...whole.problems);
  return { file, section: whole.section };
}

async function readMetadata(root: string, path: string, problems: Problem[]): Promise<MigrationMetadata> {
  const json = await readJsonFile(root, path, problems);
  if (json === null) return {};
  const read = metadataFromJson(json, path);
  problems.push(...read.problems);
  return read.metadata;
}

/** The application's version that the manifest names; null without one. */
async function readManifest(root: string, problems: Problem[]): Promise<string | null> {
  const manifest = await readJsonFile(root, manifestName, problems);
  if (manifest === null) return null;
  const { lockkeeper: format, applicationVersion } = manifest;
  if (format !== 1)
    problems.push(
      invalidMetadata(
        manifestName,
        `${manifestName} must say "lockkeeper": 1, the version of the format.`,
        'Write it, or use a Lockkeeper that knows the version it names.',
      ),
    );
  return typeof applicationVersion === 'string' ? applicationVersion : null;
}
