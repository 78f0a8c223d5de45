/** RESULTS.md: parts with a heading each, of which a run replaces those that it measured. */
import { readFile, writeFile } from 'node:fs/promises';

const file = new URL('./RESULTS.md', import.meta.url);

const introduction = `# Results of \`npm run bench\`

Written by the benchmark; do not edit. What was learned from them is in NOTES.md.

Each part tells when it was measured, where and of what: \`npm run bench -- --only NAME\` measures one anew and leaves the others.
Seconds are wall-clock time of whole processes, their start included: the median of the rounds, in which the programs took
turns. Every run has a fresh database; servers have their durable default settings; connections are on loopback, without TLS,
signed in by password. "CPU" is the processor time of the program and its child processes (not the server's), "peak MB" the
largest memory they had at one moment. Round trips include signing in: three on PostgreSQL (by SCRAM), one on MariaDB.

The limit is \`limit.ts\`: a lock, the history, every file's digest, and one message per migration (of a long script several of
4 MB); bare, and with the same durable writes as Lockkeeper's. Lockkeeper runs as \`up --json\` with its defaults. After each
run the database is asked whether all was really done. "Transaction" is how a tool joins scripts and history rows where the
engine lets it (MariaDB commits with each change of the schema). Who took more than four times as long as the durable limit
was run once. Only ratios carry over to another machine, and only where this one had nothing else to do.`;

/** By their headings, in order. */
export type Parts = ReadonlyMap<string, string>;

export async function readParts(): Promise<Parts> {
  const [, ...parts] = (await readFile(file, 'utf8')).split(/^## /m);
  return new Map(
    parts.map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return [heading, lines.join('\n').trim()];
    }),
  );
}

/** @param order of the headings; parts with others are dropped */
export async function writeParts(parts: Parts, order: readonly string[]): Promise<void> {
  const there = order.flatMap((heading) => {
    const text = parts.get(heading);
    return text === undefined ? [] : [`## ${heading}\n\n${text}`];
  });
  await writeFile(file, `${[introduction, ...there].join('\n\n')}\n`);
}
