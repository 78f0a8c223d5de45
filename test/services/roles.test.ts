/** Three roles, enforced behind the contract, and the passphrase by which somebody becomes the administrator for a time. */
import { type AnyProcedure, call } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';
import { createRouter } from '../../electron/rpc/router.ts';
import {
  lockAdministrator,
  removeAdministratorPassphrase,
  roleStatus,
  setAdministratorPassphrase,
  unlockAdministrator,
} from '../../electron/services/administrator.ts';
import type { Context } from '../../electron/services/context.ts';
import { createRoleKeeper } from '../../electron/services/roleKeeper.ts';
import { contextWithRole } from '../../electron/services/roles.ts';
import { contract } from '../../shared/contract/index.ts';
import { leastRoles } from '../../shared/contract/leastRoles.ts';
import { problemOf as told } from '../../shared/contract/problemOf.ts';
import { type Role, roles } from '../../shared/model/role.ts';
import { problemFrom } from '../../shared/problem.ts';
import { type TestBackend, testBackend } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => told(thrown) ?? problemFrom(thrown),
  );

describe('Every procedure', () => {
  it('has a least role, and no role is named for what is none', () => {
    const named = (of: object) =>
      Object.entries(of).flatMap(([group, one]) => Object.keys(one as object).map((name) => `${group}.${name}`));
    expect(named(leastRoles).sort()).toEqual(named(contract).sort());
  });

  it('is refused to whoever has less, and reached by whoever has it', async () => {
    let refused = 0;
    for (const role of roles) {
      const router = createRouter(contextWithRole(test.backend.context, role, 'token test'));
      for (const [group, procedures] of Object.entries<Readonly<Record<string, AnyProcedure>>>(router))
        for (const [name, procedure] of Object.entries(procedures)) {
          const least =
            (leastRoles as Readonly<Record<string, Readonly<Record<string, Role>>>>)[group]?.[name] ?? 'viewer';
          const mayNot = roles.indexOf(role) < roles.indexOf(least);
          if (!mayNot) continue;
          refused++;
          expect(await problemOf(call(procedure, {})), `${role} calls ${group}.${name}`).toMatchObject({
            code: 'gate.role',
            message: expect.stringContaining(`${group}.${name} needs`),
            hint: `Ask ${least === 'viewer' ? 'a' : 'an'} ${least} to do it.`,
          });
        }
    }
    expect(refused).toBeGreaterThan(50);
    const viewer = createRouter(contextWithRole(test.backend.context, 'viewer'));
    expect(await call(viewer.environments.list, undefined)).toEqual([]);
    expect(await call(viewer.application.info, undefined)).toMatchObject({ role: 'viewer' });
    const operator = createRouter(contextWithRole(test.backend.context, 'operator'));
    expect(await problemOf(call(operator.backups.check, { id: 'none' }))).toMatchObject({ code: 'backup.notFound' });
    const administrator = createRouter(contextWithRole(test.backend.context, 'administrator'));
    expect(
      await call(administrator.backups.prune, { environmentId: null, olderThanDays: 1, keep: null, dryRun: true }),
    ).toMatchObject({ removed: [] });
  });

  it('of a viewer’s settings changes looks only', async () => {
    const viewer = createRouter(contextWithRole(test.backend.context, 'viewer'));
    expect(await call(viewer.settings.set, { theme: 'dark' })).toMatchObject({ theme: 'dark' });
    for (const input of [
      { layer: { scope: { kind: 'workspace' as const }, values: {} } },
      { programFolders: ['/opt/tools'] },
      { updateAddress: null },
    ])
      expect(await problemOf(call(viewer.settings.set, input))).toMatchObject({ code: 'gate.role' });
  });
});

describe('The passphrase', () => {
  const passphrase = 'correct horse battery';
  let now: number;
  let context: Context;
  beforeEach(() => {
    const { context: base } = test.backend;
    now = Date.now();
    const clock = { now: () => now, elapsed: () => now };
    const roleKeeper = createRoleKeeper(base.workspace.settings, clock);
    context = {
      ...base,
      clock,
      roleKeeper,
      credentials: { keychain: createAskEachSession(), session: createAskEachSession() },
      get role() {
        return roleKeeper.role();
      },
    };
    roleKeeper.setPassphrase(null);
    base.workspace.settings.remove('administratorTries');
  });
  const actions = () => context.workspace.audit.list({ limit: 3 }).map(({ action }) => action);
  const set = (startsAs: 'viewer' | 'operator' = 'operator') =>
    setAdministratorPassphrase(context, { passphrase, startsAs, unlockMinutes: 15 });

  it('is not asked for until one is set; then the workspace opens without an administrator', async () => {
    expect(roleStatus(context)).toMatchObject({ role: 'administrator', passphrase: false, unlockedUntil: null });
    expect(await problemOf(unlockAdministrator(context, passphrase))).toMatchObject({ code: 'role.noPassphrase' });
    await set('viewer');
    expect(context.role).toBe('administrator');
    lockAdministrator(context);
    expect(roleStatus(context)).toMatchObject({ role: 'viewer', passphrase: true, unlockedUntil: null });
    expect(createRoleKeeper(context.workspace.settings, context.clock).role()).toBe('viewer');
    expect(await problemOf(set())).toMatchObject({ code: 'gate.role', hint: expect.stringContaining('Unlock') });
    expect(await problemOf(removeAdministratorPassphrase(context))).toMatchObject({ code: 'gate.role' });
    expect(JSON.stringify(context.workspace.settings.get('administratorPassphrase'))).not.toContain(passphrase);
  });

  it('unlocks for its minutes, by either clock, until it is locked again or replaced', async () => {
    await set();
    lockAdministrator(context);
    expect(await unlockAdministrator(context, passphrase)).toMatchObject({
      role: 'administrator',
      unlockedUntil: new Date(now + 900_000).toISOString(),
    });
    now += 899_999;
    expect(context.role).toBe('administrator');
    now += 1;
    expect(context.role).toBe('operator');
    await unlockAdministrator(context, passphrase);
    expect(lockAdministrator(context).role).toBe('operator');
    expect(actions()).toEqual(['administrator locked', 'administrator unlocked', 'administrator unlocked']);
    await unlockAdministrator(context, passphrase);
    const other = createRoleKeeper(context.workspace.settings, context.clock);
    other.unlock();
    await setAdministratorPassphrase(context, {
      passphrase: 'another passphrase',
      startsAs: 'operator',
      unlockMinutes: 1,
    });
    expect(other.role()).toBe('operator');
    expect(await problemOf(unlockAdministrator(context, passphrase))).toMatchObject({ code: 'role.wrongPassphrase' });
    await removeAdministratorPassphrase(context);
    expect(roleStatus(context)).toMatchObject({ role: 'administrator', passphrase: false });
  });

  it('is slowed after wrong tries, also many at once, and each is written down', async () => {
    await set();
    lockAdministrator(context);
    const tries = await Promise.all(Array.from({ length: 5 }, () => problemOf(unlockAdministrator(context, 'wrong'))));
    expect(tries.map((one) => one?.code)).toEqual(['role.wrongPassphrase', ...Array(4).fill('role.tooManyTries')]);
    expect(actions()[0]).toBe('administrator passphrase was wrong');
    now += 1000;
    expect(await problemOf(unlockAdministrator(context, 'wrong'))).toMatchObject({ code: 'role.wrongPassphrase' });
    now += 1000;
    expect(await problemOf(unlockAdministrator(context, passphrase))).toMatchObject({
      code: 'role.tooManyTries',
      hint: 'Try again in 1 seconds.',
    });
    now += 1000;
    expect(await unlockAdministrator(context, passphrase)).toMatchObject({ role: 'administrator' });
    expect(await problemOf(unlockAdministrator(context, 'wrong'))).toMatchObject({ code: 'role.wrongPassphrase' });
  });

  it('cannot be used without its verifier, by a token, or with a verifier that is none', async () => {
    await set();
    lockAdministrator(context);
    const token = contextWithRole(context, 'viewer', 'token build');
    expect(await problemOf(unlockAdministrator(token, passphrase))).toMatchObject({ code: 'gate.role' });
    expect(roleStatus(contextWithRole(context, 'administrator')).role).toBe('administrator');
    const { account } = context.roleKeeper.passphrase() ?? { account: '' };
    await context.credentials.keychain.set(account, 'scrypt$1$8$1$AAAA$AAAA');
    expect(await problemOf(unlockAdministrator(context, passphrase))).toMatchObject({ code: 'role.wrongPassphrase' });
    now += 10_000;
    await context.credentials.keychain.delete(account);
    expect(await problemOf(unlockAdministrator(context, passphrase))).toMatchObject({ code: 'role.verifierMissing' });
    expect(context.role).toBe('operator');
  });
});
