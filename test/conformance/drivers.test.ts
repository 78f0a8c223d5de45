// Every driver keeps the contract of `databases/driver.ts` and `engine/ports.ts`, on real servers.
import { beforeEach, describe, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { asking } from './asking.ts';
import { compatibleServers } from './compatible.ts';
import { connecting } from './connecting.ts';
import { type Engine, engines, type Part } from './drivers.ts';
import { journaling } from './journaling.ts';
import { locking } from './locking.ts';
import { sending } from './sending.ts';

const isAbsent = (engine: Engine): boolean => compatibleServers.includes(engine) && engine.missing() !== undefined;

test.for(engines.filter(isAbsent))('$name', (engine, context) => {
  skipBecause(context, engine.missing() ?? '');
});

describe.each(engines.filter((engine) => !isAbsent(engine)))('$name', (engine) => {
  beforeEach((context) => {
    const reason = engine.missing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  const parts = { connecting, sending, asking, locking, journaling };
  for (const part of engine.parts ?? (Object.keys(parts) as Part[])) describe(part, () => parts[part](engine));
});
