/** refinery's migrations: `V1__name.sql`, `U2__name.sql` and `.rs`, in folders of any depth (refinery_core/src/util.rs). */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { walkFolder } from '../common/folder.ts';
import { byteOrderMark, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Digest, scanFile, wholeScript } from '../common/scan.ts';
import { newFindings, readResult } from '../common/source.ts';
import { compareNumbers } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';
import { SipHash13 } from './sipHash.ts';

/** Letters, marks, digits and connectors, as Rust's `\w`; a version with a dot is taken by the name, but is no number. */
export const fileName = /^([UV|])(\d+(?:\.\d+)?)__([\p{L}\p{M}\p{N}\p{Pc}]+)\.(sql|rs)$/u;

/** Without its feature `int8-versions`, a version has 32 bits. */
const most32 = 2n ** 31n - 1n;
const most64 = 2n ** 63n - 1n;

export const isWide = (version: string): boolean => BigInt(version) > most32;

export async function readRefinery(root: string): Promise<ReadResult> {
  const findings = newFindings();
  const { files, problems } = await walkFolder(root);
  findings.problems.push(...problems);
  const found: { path: string; version: string; parts: RegExpExecArray }[] = [];
  for (const path of files) {
    const parts = fileName.exec(path.slice(path.lastIndexOf('/') + 1));
    const number = parts?.[2] ?? '';
    if (parts === null) {
      if (path.endsWith('.sql')) findings.notices.push(misnamed(path));
    } else if (!/^\d{1,19}$/.test(number) || BigInt(number) > most64) findings.problems.push(notANumber(path, number));
    else found.push({ path, version: String(BigInt(number)), parts });
  }
  // The feature holds for the whole project.
  const wide = found.some(({ version }) => isWide(version));
  const migrations: Migration[] = [];
  for (const { path, version, parts } of found) {
    const [, prefix, , name = '', type] = parts;
    const digest = new Checksums(name, version, wide);
    const file = await scanFile(root, path, { digest });
    if (file.problem !== null) findings.problems.push(file.problem);
    else if (file.startsWithMark && type === 'sql') findings.notices.push(byteOrderMark(path, 'refinery'));
    migrations.push({
      version,
      historyKey: version,
      name,
      kind: 'versioned',
      up: wholeScript(file),
      down: null,
      verify: null,
      ...(type === 'sql'
        ? { checksum: digest.digest(), otherChecksums: digest.others() }
        : {
            checksum: null,
            notRunnable: 'it is written in Rust, and only the program that it is compiled into can run it.',
          }),
      ...(prefix === 'U' ? { anyOrder: true as const } : {}),
      transaction: { up: true, down: true },
      metadata: {},
    });
  }
  migrations.sort((a, b) => compareNumbers(a.version, b.version));
  const { kept, problems: duplicates } = withoutDuplicates(migrations, (migration) => migration.version);
  findings.problems.push(...duplicates);
  return readResult(root, 'refinery', kept, findings);
}

const end = Buffer.from([0xff]);

/** As Rust hashes a text (its bytes and 0xFF), the version in its own bytes, and the script as a text. */
class Checksums implements Digest {
  readonly #narrow: SipHash13 | null;
  readonly #wide: SipHash13;
  #digests: { readonly narrow: string | null; readonly wide: string } | null = null;

  /** `onlyWide`: the project's versions do not fit 32 bits. */
  constructor(name: string, version: string, onlyWide: boolean) {
    const number = Buffer.alloc(8);
    number.writeBigInt64LE(BigInt(version));
    const start = () => new SipHash13().update(Buffer.from(name)).update(end);
    this.#wide = start().update(number);
    this.#narrow = onlyWide ? null : start().update(number.subarray(0, 4));
  }

  update(bytes: Buffer): void {
    this.#wide.update(bytes);
    this.#narrow?.update(bytes);
  }

  digest(): string {
    const { narrow, wide } = this.#finished();
    return narrow ?? wide;
  }

  /** The same content in a project with that feature. */
  others(): string[] {
    const { narrow, wide } = this.#finished();
    return narrow === null ? [] : [wide];
  }

  #finished() {
    this.#digests ??= {
      narrow: this.#narrow?.update(end).digest() ?? null,
      wide: this.#wide.update(end).digest(),
    };
    return this.#digests;
  }
}

function misnamed(path: string): Problem {
  const message = `${printable(path)} is not named as refinery names migrations; it is passed over.`;
  return sourceProblem('source.unknownName', message, 'If it is a migration, name it like V1__create_users.sql.', {
    path,
  });
}

function notANumber(path: string, written: string): Problem {
  const message = `${printable(path)} has the version ${written}, which is no whole number that refinery can hold.`;
  return sourceProblem('source.unknownName', message, 'Give it a whole number of at most 64 bits.', { path });
}
