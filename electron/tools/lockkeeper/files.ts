/** Reads a folder in our own format: single files with sections, pairs, and a folder per version, in one order. */
import type { MigrationMetadata } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { readJsonFile } from '../common/json.ts';
import { withoutDuplicates } from '../common/problems.ts';
import { type ScannedFile, type Section, scanFile } from '../common/scan.ts';
import { newFindings, readResult } from '../common/source.ts';
import { canonicalSegments, compareSegments } from '../common/versions.ts';
import { PackageReader } from '../programs/packages.ts';
import type { ReadResult } from '../tool.ts';
import { type Described, resolveDependencies } from './dependencies.ts';
import { layoutOf, type Parts } from './layout.ts';
import { readManifest } from './manifest.ts';
import { metadataFromComments, metadataFromJson } from './metadata.ts';
import { fromProgram } from './program.ts';
import { inTransaction, ownScript, scanRules, sectionsOf, wholeOf } from './sections.ts';

export async function readLockkeeper(root: string): Promise<ReadResult> {
  const layout = await layoutOf(root);
  const findings = newFindings();
  findings.problems.push(...layout.problems);
  findings.notices.push(...layout.notices);
  const read: Described[] = [];
  const packages = new PackageReader();
  for (const parts of layout.parts) {
    const { form } = parts;
    if (form === 'program')
      read.push({ migration: await fromProgram(root, parts, packages, findings.problems), path: parts.up, lines: {} });
    else if (form === 'sections') read.push(await fromSections(root, parts, findings.problems));
    else read.push(await fromFiles(root, parts, findings.problems));
  }
  read.sort((a, b) => compareSegments(a.migration.version, b.migration.version));
  const migrations = read.map(({ migration }) => migration);
  // 1.2 and 1.2.0 are one version: their order would be undefined.
  const { kept, problems } = withoutDuplicates(migrations, (migration) => canonicalSegments(migration.version));
  const first = new Set(kept);
  const resolved = resolveDependencies(read.filter(({ migration }) => first.has(migration)));
  findings.problems.push(...problems, ...resolved.problems);
  const told = await readManifest(root, resolved.migrations, findings.problems);
  return readResult(root, 'lockkeeper', resolved.migrations, findings, told);
}

async function fromSections(root: string, parts: Parts, problems: Problem[]): Promise<Described> {
  const file = await scan(root, parts.up, problems);
  const { up, down, verify, head, problems: structure } = sectionsOf(file);
  const described = metadataFromComments(up === head ? head.comments : [...head.comments, ...up.comments], file.path);
  problems.push(...structure, ...described.problems);
  const transaction = { up: inTransaction(head, up), down: inTransaction(head, ...(down === null ? [] : [down])) };
  const migration = {
    ...identity(parts),
    up: ownScript(file, up, { transaction: transaction.up, problems }),
    down: down === null ? null : ownScript(file, down, { transaction: transaction.down, problems }),
    verify: verify === null ? null : ownScript(file, verify, { transaction: true, problems }),
    checksum: up.canonical,
    transaction,
    metadata: described.metadata,
  };
  return { migration, path: file.path, lines: described.lines };
}

async function fromFiles(root: string, parts: Parts, problems: Problem[]): Promise<Described> {
  const up = await scanWhole(root, parts.up, problems);
  const down = parts.down === null ? null : await scanWhole(root, parts.down, problems);
  const verify = parts.verify === null ? null : await scanWhole(root, parts.verify, problems);
  const described = metadataFromComments(up.section.comments, parts.up);
  problems.push(...described.problems);
  const beside = parts.metadata === null ? {} : await readMetadata(root, parts.metadata, problems);
  const transaction = {
    up: inTransaction(up.section),
    down: down === null || inTransaction(down.section),
  };
  const migration = {
    ...identity(parts),
    up: ownScript(up.file, up.section, { transaction: transaction.up, problems }),
    down: down === null ? null : ownScript(down.file, down.section, { transaction: transaction.down, problems }),
    verify: verify === null ? null : ownScript(verify.file, verify.section, { transaction: true, problems }),
    checksum: up.section.canonical,
    transaction,
    metadata: { ...described.metadata, ...beside },
  };
  const isBeside = parts.metadata !== null && ('dependencies' in beside || 'conflicts' in beside);
  return isBeside
    ? { migration, path: parts.metadata, lines: {} }
    : { migration, path: parts.up, lines: described.lines };
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
