/** Keys of others: added only with the fingerprint that was compared, by an administrator, for what was said. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addTrustedKey,
  findTrustedSigner,
  readPublicKey,
  removeTrustedKey,
  trustedKeys,
} from '../../electron/services/trustStore.ts';
import { ProblemError } from '../../shared/problem.ts';
import { type TestBackend, testBackend } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const pemOf = (kind: 'ed25519' | 'x25519' = 'ed25519'): string => {
  const { publicKey } = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
  return String(publicKey.export({ format: 'pem', type: 'spki' }));
};

const codeOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem.code;
    throw thrown;
  }
};

it('a key is trusted for what was said, and for nothing after it was removed', () => {
  const { context } = test.backend;
  const pem = pemOf();
  const { publicKey, fingerprint } = readPublicKey(pem);
  expect(fingerprint).toMatch(/^(?:[\da-f]{4} ){15}[\da-f]{4}$/);
  expect(readPublicKey(publicKey)).toEqual({ publicKey, fingerprint });
  const wanted = { key: pem, name: 'Release desk', purposes: ['bundles'] as const };
  expect(codeOf(() => addTrustedKey(context, { ...wanted, fingerprint: readPublicKey(pemOf()).fingerprint }))).toBe(
    'gate.confirmation',
  );
  expect(codeOf(() => addTrustedKey(context, { ...wanted, fingerprint: '' }))).toBe('gate.confirmation');
  expect(trustedKeys(context)).toEqual([]);

  addTrustedKey(context, { ...wanted, fingerprint: fingerprint.toUpperCase().replaceAll(' ', ':') });
  expect(findTrustedSigner(context, publicKey, 'bundles')).toMatchObject({ name: 'Release desk', fingerprint });
  expect(findTrustedSigner(context, publicKey, 'approvals')).toBeNull();
  addTrustedKey(context, { ...wanted, purposes: ['approvals'], fingerprint });
  expect(findTrustedSigner(context, publicKey, 'approvals')?.purposes).toEqual(['approvals', 'bundles']);
  expect(findTrustedSigner(context, readPublicKey(pemOf()).publicKey, 'bundles')).toBeNull();

  expect(codeOf(() => removeTrustedKey(context, 'Nobody'))).toBe('usage.invalid');
  removeTrustedKey(context, 'Release desk', 'lost with a laptop');
  expect(findTrustedSigner(context, publicKey, 'bundles')).toBeNull();
  const entries = [...context.workspace.audit.entries()];
  expect(entries.map(({ action }) => action)).toEqual(['key trusted', 'key trusted', 'key no longer trusted']);
  expect(JSON.parse(entries[2]?.detail ?? '')).toMatchObject({ fingerprint, reason: 'lost with a laptop' });
});

it('only an administrator adds and removes, and only Ed25519 public keys', () => {
  const { context } = test.backend;
  const pem = pemOf();
  const wanted = { key: pem, name: 'Desk', purposes: ['bundles'] as const, ...readPublicKey(pem) };
  const operator = { ...context, role: 'operator' as const };
  expect(codeOf(() => addTrustedKey(operator, wanted))).toBe('gate.role');
  expect(codeOf(() => removeTrustedKey(operator, 'Desk'))).toBe('gate.role');
  const { privateKey } = generateKeyPairSync('ed25519');
  for (const key of [
    '',
    'no key',
    pemOf('x25519'),
    String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    'A'.repeat(5000),
  ])
    expect(codeOf(() => readPublicKey(key))).toBe('usage.invalid');
  expect(codeOf(() => addTrustedKey(context, { ...wanted, name: ' ' }))).toBe('usage.invalid');
});
