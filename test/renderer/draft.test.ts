import { describe, expect, test } from 'vitest';
import {
  connectionOf,
  type Draft,
  draftOf,
  emptyDraft,
  inputOf,
  missingConnection,
  missingFields,
  patchOf,
  shownProtection,
  withConnection,
} from '../../renderer/features/environments/draft.ts';
import { environmentInput, environmentPatch } from '../../shared/contract/inputs.ts';
import { type Environment, protectionByTier } from '../../shared/model/environment.ts';

const filled: Draft = {
  ...emptyDraft,
  name: ' acme ',
  database: 'acme',
  user: 'app',
  password: 's3cret',
  sourcePath: '/srv/migrations',
};

const stored: Environment = {
  id: '01K',
  name: 'acme',
  tier: 'production',
  colour: 'red',
  group: 'Acme',
  connection: { engine: 'postgres', host: 'db', port: 5432, database: 'acme', user: 'app', tls: 'verify-full' },
  credential: { kind: 'keychain', account: '01K' },
  protection: protectionByTier.production,
  source: { path: '/srv/migrations', tool: 'dbmate', placeholders: { schema: 'app' } },
};

describe('the connection form', () => {
  test('a filled form is what the contract accepts', () => {
    expect(environmentInput.parse(inputOf(filled))).toMatchObject({
      name: 'acme',
      secret: { password: 's3cret', keep: 'keychain' },
      source: { path: '/srv/migrations' },
    });
  });

  test('empty optional fields are absent, not empty', () => {
    expect(connectionOf(filled)).toEqual({
      engine: 'postgres',
      host: 'localhost',
      port: 5432,
      database: 'acme',
      user: 'app',
      tls: 'prefer',
    });
    expect(inputOf({ ...filled, sourcePath: ' ' }).source).toBeNull();
  });

  test('a search path is PostgreSQL’s alone', () => {
    expect(connectionOf({ ...filled, engine: 'mysql', searchPath: 'app' })).not.toHaveProperty('searchPath');
  });

  test('an SQLite file has no password', () => {
    const file = withConnection(filled, { engine: 'sqlite', file: '/data/app.db' });
    expect(inputOf(file)).toMatchObject({ connection: { engine: 'sqlite', file: '/data/app.db' }, secret: null });
  });

  test('what is missing is named', () => {
    expect(Object.keys(missingFields({ ...emptyDraft, host: '', port: 0 }))).toEqual([
      'name',
      'host',
      'port',
      'database',
    ]);
    expect(missingConnection({ ...emptyDraft, engine: 'sqlite' })).toHaveProperty('file');
    expect(missingFields(filled)).toEqual({});
  });
});

describe('editing', () => {
  test('an untouched form changes nothing and leaves the password alone', () => {
    const patch = environmentPatch.parse(patchOf(draftOf(stored), stored));
    expect(patch).not.toHaveProperty('secret');
    const { id, name, tier, colour, group, connection, source } = stored;
    expect(patch).toEqual({ id, name, tier, colour, group, connection, source });
  });

  test('a new password, or another way to keep it, is sent', () => {
    expect(patchOf({ ...draftOf(stored), password: 'new' }, stored).secret).toEqual({
      password: 'new',
      keep: 'keychain',
    });
    expect(patchOf({ ...draftOf(stored), credential: 'ask' }, stored).secret).toEqual({ password: '', keep: 'ask' });
    expect(patchOf({ ...draftOf(stored), credential: 'none' }, stored).secret).toBeNull();
  });

  test('what protects it is sent only when it was chosen here', () => {
    expect(patchOf({ ...draftOf(stored), tier: 'development' }, stored)).not.toHaveProperty('protection');
    const strict = { ...protectionByTier.production, readOnly: true };
    expect(patchOf({ ...draftOf(stored), protection: strict }, stored).protection).toEqual(strict);
  });

  test('the form shows the environment’s own protection until its tier changes, then that tier’s', () => {
    const own = { ...stored, protection: { ...protectionByTier.production, readOnly: true } };
    const layers = { workspace: {}, tiers: { staging: { protection: { typedName: true } } } };
    expect(shownProtection(draftOf(own), own, layers)).toEqual(own.protection);
    expect(shownProtection({ ...draftOf(own), tier: 'staging' }, own, layers)).toEqual({
      ...protectionByTier.staging,
      typedName: true,
    });
    expect(shownProtection(emptyDraft, null, layers)).toEqual(protectionByTier.development);
  });
});
