// The system's keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux.
import type { CredentialStore, Kept, UnavailableReason } from './credentialStore.ts';
import { KeychainProcess } from './keychainProcess.ts';
import type { KeychainAnswer, KeychainRequest } from './keychainProtocol.ts';

/** Milliseconds until a keychain that does not answer counts as unavailable. */
const TIMEOUT_MS = 3_000;

type Value = Extract<KeychainAnswer, { value: unknown }>['value'];

export function createKeychain(): CredentialStore {
  let current: KeychainProcess | null = null;

  const ask = async (request: KeychainRequest): Promise<Kept<Value>> => {
    const process = current?.isUsable === true ? current : new KeychainProcess();
    current = process;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill();
    }, TIMEOUT_MS);
    const answer = await process.ask(request);
    clearTimeout(timer);
    return late
      ? unavailable('timedOut', 'The keychain did not answer; it may wait to be unlocked.')
      : keptFrom(answer);
  };

  return {
    get: async (account) =>
      mapped(await ask({ kind: 'get', account }), (value) => (typeof value === 'string' ? value : null)),
    set: async (account, secret) => mapped(await ask({ kind: 'set', account, secret }), () => true),
    delete: async (account) => mapped(await ask({ kind: 'delete', account }), (value) => value === true),
    health: async () => mapped(await ask({ kind: 'health' }), () => true),
  };
}

function keptFrom(answer: KeychainAnswer | null): Kept<Value> {
  if (answer === null) return unavailable('noKeyring', 'The process that talks to the keychain ended unexpectedly.');
  if ('value' in answer) return { kind: 'available', value: answer.value };
  if (answer.failure === 'noKeyring') return unavailable('noKeyring', `The keychain refused: ${answer.message}`);
  return unavailable(
    'notInstalled',
    'The keychain cannot be used: on Linux it needs the library libsecret (Debian and Ubuntu: package libsecret-1-0).',
  );
}

const mapped = <T>(kept: Kept<Value>, map: (value: Value) => T): Kept<T> =>
  kept.kind === 'available' ? { kind: 'available', value: map(kept.value) } : kept;

const unavailable = (reason: UnavailableReason, message: string): Kept<never> => ({
  kind: 'unavailable',
  reason,
  message,
});
