// Breaks what a dump program wrote, before any digest is taken of it, and sees which level finds it.
import { readFile, writeFile } from 'node:fs/promises';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Context } from '../../electron/services/context.ts';
import { startProof } from '../../electron/services/startBackup.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { createRandom, type Random, seedOf } from '../crash/random.ts';
import { sha256Of } from './archiveBytes.ts';

const kinds = ['flippedBit', 'cutOff', 'zeros', 'exchanged'] as const;
export type Breakage = (typeof kinds)[number];

/** `harmless`: the restored copy holds all that was backed up, so nothing is lost; a comment of the dump, for example. */
export type Finding = 'checked' | 'proven' | 'harmless';

export interface Broken {
  readonly shot: number;
  readonly breakage: Breakage;
  /** Of the dump, before compression. */
  readonly at: number;
  readonly found: Finding;
  readonly code: string | null;
}

/** Three of four times one bit, as a disk or a memory would; the place is anywhere in the dump. */
export function breakContent(content: Buffer, random: Random): { broken: Buffer; breakage: Breakage; at: number } {
  const breakage: Breakage = random.below(4) > 0 ? 'flippedBit' : random.pick(kinds);
  const at = random.below(content.length);
  const broken = Buffer.from(content);
  const byte = broken[at] ?? 0;
  if (breakage === 'flippedBit') broken[at] = byte ^ (1 << random.below(8));
  else if (breakage === 'zeros') broken.fill(0, at, Math.min(broken.length, at + 1 + random.below(512)));
  else if (breakage === 'exchanged') {
    const other = random.below(content.length);
    broken[at] = broken[other] ?? 0;
    broken[other] = byte;
  }
  return { broken: breakage === 'cutOff' ? broken.subarray(0, at) : broken, breakage, at };
}

/** A shot of a series breaks the same place each time. The archive is left as it was. */
export async function shoot(
  context: Context,
  target: TargetRequest,
  backup: Backup,
  series: number,
  shot: number,
): Promise<Broken | null> {
  const archive = await readFile(backup.path);
  const content = zstdDecompressSync(archive);
  const { broken, breakage, at } = breakContent(content, createRandom(seedOf(series, shot)));
  if (broken.equals(content)) return null;
  const damaged = zstdCompressSync(broken);
  await writeFile(backup.path, damaged);
  const { modifiedAt: _, ...record } = backup;
  context.workspace.backups.update({ ...record, bytes: damaged.length, sha256: sha256Of(damaged) });
  try {
    const run = await (await startProof(context, backup.id, target, [])).finished;
    const code = run.problem?.code ?? null;
    const found = code === null ? 'harmless' : run.finishedPhases.includes('check') ? 'proven' : 'checked';
    return { shot, breakage, at, found, code };
  } finally {
    await writeFile(backup.path, archive);
    context.workspace.backups.update(backup);
  }
}
