// Every driver keeps the contract of `databases/driver.ts` and `engine/ports.ts`, on real servers.
import { beforeEach, describe } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { asking } from './asking.ts';
import { connecting } from './connecting.ts';
import { engines } from './drivers.ts';
import { journaling } from './journaling.ts';
import { locking } from './locking.ts';
import { sending } from './sending.ts';

describe.each(engines)('$name', (engine) => {
  beforeEach((context) => {
    const reason = engine.missing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  describe('connecting', () => connecting(engine));
  describe('sending', () => sending(engine));
  describe('asking', () => asking(engine));
  describe('locking', () => locking(engine));
  describe('journaling', () => journaling(engine));
});
