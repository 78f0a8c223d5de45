/**
 * The program that is killed: one run of the real services on a real data directory, ordered by a line on its standard
 * input. Events go to standard output as they happen; descriptor 3 tells the places it passes, and where it was ordered
 * to stop it waits on descriptor 4 for how to go on.
 */

import { readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { compose } from '../../electron/compose.ts';
import type { Context } from '../../electron/services/context.ts';
import { type Going, watch } from './hooks.ts';
import { type Order, perform } from './perform.ts';

const told = 3;
const answers = 4;
let places = 0;
let failing: Going = 'go';

/** A full disk stays full. */
function stopper(stopAt: Order['stopAt']) {
  return (place: string): Going => {
    const isWrite = place.endsWith(' write');
    const index = places++;
    if (stopAt === 'never') return 'go';
    if (stopAt === 'record') writeSync(told, `${place.replaceAll('\n', ' ')}\n`);
    if (stopAt !== index) return isWrite ? failing : 'go';
    writeSync(told, `stopped ${place.slice(0, 100).replaceAll('\n', ' ')}\n`);
    const answer = Buffer.alloc(16);
    const going = answer.toString('latin1', 0, readSync(answers, answer)).trim() as Going;
    if (going === 'ENOSPC') failing = going;
    return going;
  };
}

async function readOrder(): Promise<Order> {
  for await (const line of createInterface({ input: process.stdin })) return JSON.parse(line) as Order;
  return process.exit(0);
}

/** The places that only the program's own calls tell. */
function watched(context: Context, stop: (place: string) => Going): Context {
  const { audit } = context.workspace;
  const append = audit.append.bind(audit);
  audit.append = (entry) => {
    stop('audit before');
    append(entry);
    stop('audit after');
  };
  return context;
}

const order = await readOrder();
const stop = stopper(order.stopAt);
watch(stop);
const { context } = await compose({ dataDirectory: order.dataDirectory, shell: 'commandLine' });
const outcome = await perform(watched(context, stop), order, (record) => {
  writeSync(1, `${JSON.stringify(record)}\n`);
  stop(`event ${record.type}${'phase' in record ? ` ${record.phase}` : ''}`);
});
writeSync(1, `${JSON.stringify({ type: 'ended', ...outcome })}\n`);
process.exit(0);
