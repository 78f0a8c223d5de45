// Known flaws by which a dump program, or a client that reads what it wrote, can be made to run code.
import { compareVersions, versionNumbers } from './version.ts';

interface Flaw {
  readonly cve: string;
  readonly product: Program['product'];
  /** Completes “… by which”. */
  readonly what: string;
  /** The first version without it of each series that got a repair, the oldest first. Later series never had it. */
  readonly repaired: readonly string[];
}

interface Program {
  readonly product: 'PostgreSQL' | 'MariaDB' | 'MySQL';
  readonly name: string;
  readonly version: string;
}

/** Versions by the records of the CVE programme (cve.org) and the release notes of each product. */
const flaws: readonly Flaw[] = [
  {
    cve: 'CVE-2024-21096',
    product: 'MariaDB',
    what: 'the server can put commands of the mariadb client into a dump',
    repaired: ['10.5.25', '10.6.18', '10.11.8', '11.0.6', '11.1.5', '11.2.4', '11.4.2'],
  },
  {
    cve: 'CVE-2025-13699',
    product: 'MariaDB',
    what: 'the name of a view can lead a dump into several files out of its folder',
    repaired: ['10.6.24', '10.11.15', '11.4.9', '11.8.4'],
  },
  {
    cve: 'CVE-2024-21096',
    product: 'MySQL',
    what: 'the server can put commands of the mysql client into a dump',
    repaired: ['8.0.37', '8.4.0'],
  },
  {
    cve: 'CVE-2025-8714',
    product: 'PostgreSQL',
    what: 'the server can put commands of psql into a dump',
    repaired: ['13.22', '14.19', '15.14', '16.10', '17.6'],
  },
  {
    cve: 'CVE-2025-8715',
    product: 'PostgreSQL',
    what: 'names of objects can put commands of psql into a dump',
    repaired: ['13.22', '14.19', '15.14', '16.10', '17.6'],
  },
  {
    cve: 'CVE-2026-18408',
    product: 'PostgreSQL',
    what: 'the server can put commands of psql into a dump in spite of \\restrict',
    repaired: ['14.24', '15.19', '16.15', '17.11', '18.6'],
  },
  {
    cve: 'CVE-2026-116314',
    product: 'PostgreSQL',
    what: 'a crafted archive runs code in pg_restore',
    repaired: ['14.25', '15.20', '16.16', '17.12', '18.7'],
  },
];

/** Numbers that name a series: PostgreSQL 15, MariaDB 10.11. */
const seriesLength = { PostgreSQL: 1, MariaDB: 2, MySQL: 2 } as const;

const seriesOf = ({ product, version }: Pick<Program, 'product' | 'version'>): string =>
  versionNumbers(version).slice(0, seriesLength[product]).join('.');

/** CVE numbers, oldest first; empty: none is known. */
export const knownFlaws = (program: Program): string[] => found(program).map(({ cve }) => cve);

const found = (program: Program): Flaw[] =>
  flaws.filter(({ product, repaired }) => {
    if (product !== program.product) return false;
    const repair = repairOf(program, repaired) ?? repaired.at(-1) ?? '';
    return compareVersions(program.version, repair) < 0;
  });

/** Null: the series is no longer repaired, or is newer than the flaw. */
const repairOf = (program: Program, repaired: readonly string[]): string | null =>
  repaired.find((version) => seriesOf({ ...program, version }) === seriesOf(program)) ?? null;

/** `foreign`: it reads an archive that was not taken here. Null: no flaw is known. */
export function flawWarning(program: Program, foreign = false): string | null {
  const all = found(program);
  if (all.length === 0) return null;
  const { name, version, product } = program;
  const told = all.map(({ cve, what }) => `${what} (${cve})`).join(', ');
  const exposure = foreign
    ? 'This file is not from here: it could run code on this computer as your own account'
    : 'Lockkeeper restores only archives that match their record, and by no client that runs commands';
  return `${name} ${version} has known flaws: ${told}. ${exposure}; update ${product}’s client programs to ${remedy(program, all)}.`;
}

/** The last of the repairs of its series. */
function remedy(program: Program, all: readonly Flaw[]): string {
  const repairs = all.map(({ repaired }) => repairOf(program, repaired));
  const known = repairs.filter((version) => version !== null).sort(compareVersions);
  return known.length === repairs.length ? `${known.at(-1) ?? ''} or newer` : 'a supported version';
}
