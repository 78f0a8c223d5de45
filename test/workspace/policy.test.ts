/** Settings locked by an administrator's file: which files are believed, and what they hold fast. */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../electron/compose.ts';
import { addEnvironment, editEnvironment, getEnvironment } from '../../electron/services/environments.ts';
import { exportEnvironments } from '../../electron/services/exportEnvironments.ts';
import { readSettings, saveSettings } from '../../electron/services/settings.ts';
import { ownPolicyFile, readPolicies } from '../../electron/workspace/policy.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import { lockedFields } from '../../shared/model/lockedSettings.ts';
import { problemFrom } from '../../shared/problem.ts';
import { skipBecause } from '../setup/skip.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-policy-'));
  file = path.join(folder, 'named.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const policy = {
  lockkeeperPolicy: 1,
  workspace: { logRetentionDays: 365 },
  tiers: { production: { protection: { typedName: true, approvalHours: 24 }, applyAtStart: 'never' } },
};
const codeOf = async (work: () => Promise<unknown>) => {
  try {
    return await work();
  } catch (thrown) {
    return problemFrom(thrown).code;
  }
};

describe('An administrator’s file', () => {
  it('is where the system keeps such things', () => {
    expect(ownPolicyFile('linux', {})).toBe('/etc/lockkeeper/policy.json');
    expect(ownPolicyFile('darwin', {})).toBe('/Library/Application Support/Lockkeeper/policy.json');
    expect(ownPolicyFile('win32', { ProgramData: 'D:\\Data' })).toBe('D:\\Data\\Lockkeeper\\policy.json');
  });

  it('of the computer is believed only where ordinary users can write neither it nor its folder', async (context) => {
    if (process.getuid?.() !== 0) skipBecause(context, 'only the superuser can make a file of the superuser');
    const own = path.join(folder, 'etc', 'policy.json');
    await mkdir(path.dirname(own), { mode: 0o755 });
    expect(await readPolicies({}, own)).toEqual({ locked: [], untrusted: null });
    await writeFile(own, JSON.stringify(policy), { mode: 0o644 });
    const { lockkeeperPolicy: _, ...layers } = policy;
    expect(await readPolicies({}, own)).toEqual({ locked: [{ file: own, ...layers }], untrusted: null });
    const untrusted = { locked: [], untrusted: own };
    for (const [wrong, right] of [
      [() => chmod(own, 0o664), () => chmod(own, 0o644)],
      [() => chmod(own, 0o646), () => chmod(own, 0o644)],
      [() => chown(own, 65_534, 65_534), () => chown(own, 0, 0)],
      [() => chmod(path.dirname(own), 0o777), () => chmod(path.dirname(own), 0o755)],
      [() => chown(path.dirname(own), 65_534, 65_534), () => chown(path.dirname(own), 0, 0)],
    ] as const) {
      await wrong();
      expect(await readPolicies({}, own)).toEqual(untrusted);
      await right();
    }
    await writeFile(file, JSON.stringify({ ...policy, workspace: { logRetentionDays: 1 } }));
    const { locked: both } = await readPolicies({ LOCKKEEPER_POLICY: file }, own);
    expect(both.map((one) => [one.file, one.workspace.logRetentionDays])).toEqual([
      [file, 1],
      [own, 365],
    ]);
  });

  it('that cannot be read as one keeps everything closed', async () => {
    const none = path.join(folder, 'nothing');
    for (const text of ['', '{}', '{"lockkeeperPolicy":2}', '{"lockkeeperPolicy":1,"worksapce":{}}']) {
      await writeFile(file, text);
      expect(await codeOf(() => readPolicies({ LOCKKEEPER_POLICY: file }, none))).toBe('policy.invalid');
    }
    expect(await codeOf(() => readPolicies({ LOCKKEEPER_POLICY: none }, none))).toBe('policy.invalid');
    expect(await codeOf(() => readPolicies({ LOCKKEEPER_POLICY: folder }, none))).toBe('policy.invalid');
  });
});

describe('What it locks', () => {
  it('holds over every layer, and no way in changes it; what it leaves out stays free', async () => {
    await writeFile(file, JSON.stringify(policy));
    process.env['LOCKKEEPER_POLICY'] = file;
    const backend = await compose({ dataDirectory: path.join(folder, 'data'), shell: 'commandLine' });
    delete process.env['LOCKKEEPER_POLICY'];
    const { context } = backend;
    const common = { colour: 'red', group: '', source: null, secret: null } as const;
    const add = (name: string, tier: 'production' | 'test') =>
      addEnvironment(context, {
        ...common,
        name,
        tier,
        connection: { engine: 'sqlite', file: path.join(folder, `${name}.db`) },
        protection: protectionByTier.development,
      });
    const { id } = await add('prod', 'production');
    const held = () => getEnvironment(context, id).environment.protection;
    expect(held()).toMatchObject({ typedName: true, approvalHours: 24, reason: false });
    await add('test', 'test');
    const free = getEnvironment(context, 'test').environment;
    expect(free.protection.typedName).toBe(false);

    const refused = async (work: Promise<unknown>) => {
      const problem = await work.catch(problemFrom);
      expect(problem).toMatchObject({ code: 'settings.locked', message: expect.stringContaining(file) });
    };
    const scope = { kind: 'environment', id } as const;
    await refused(saveSettings(context, { layer: { scope, values: { applyAtStart: 'apply' } } }));
    await refused(saveSettings(context, { layer: { scope, values: { logRetentionDays: 3 } } }));
    const tier = { kind: 'tier', tier: 'production' } as const;
    await refused(saveSettings(context, { layer: { scope: tier, values: { protection: { approvalHours: null } } } }));
    await refused(saveSettings(context, { layer: { scope: { kind: 'workspace' }, values: { logRetentionDays: 3 } } }));
    await refused(editEnvironment(context, { id, protection: { ...held(), typedName: false } }));
    await editEnvironment(context, { id, protection: { ...held(), reason: true } });
    expect(held()).toMatchObject({ typedName: true, approvalHours: 24, reason: true });
    await editEnvironment(context, { id: free.id, protection: { ...free.protection, typedName: true } });
    const test = { kind: 'tier', tier: 'test' } as const;
    await saveSettings(context, { layer: { scope: test, values: { applyAtStart: 'apply' } } });
    const { layers } = await readSettings(context);
    expect([...lockedFields(layers, 'production').keys()].sort()).toEqual([
      'applyAtStart',
      'logRetentionDays',
      'protection.approvalHours',
      'protection.typedName',
    ]);
    expect([...lockedFields(layers, 'test')]).toEqual([['logRetentionDays', file]]);
    const { settings } = JSON.parse(exportEnvironments(context).text) as { settings: object };
    expect(settings).not.toHaveProperty('locked');
    await backend.close();
  });
});
