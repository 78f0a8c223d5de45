// Entry of the process that talks to the keychain. A keychain that hangs cannot be interrupted: it would even keep the
// program from ending (measured: 25 seconds), so it hangs in a process that can be killed.
import type { KeychainAnswer, KeychainRequest } from './keychainProtocol.ts';

/** The service's name under which all accounts stand. */
const SERVICE = 'Lockkeeper';

/** An account nobody has: writing, reading and removing it shows that the keychain works. */
const PROBE_ACCOUNT = 'health check';

type Keytar = typeof import('@github/keytar');

process.on('message', ({ id, request }: { id: number; request: KeychainRequest }) => {
  void answer(id, request).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit());
// Keys pressed in a terminal are meant for the program, which ends this process.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function answer(id: number, request: KeychainRequest): Promise<KeychainAnswer> {
  let keytar: Keytar;
  try {
    // Loaded here only: it needs libraries that not every computer has.
    keytar = (await import('@github/keytar')).default;
  } catch (error) {
    return { id, failure: 'notInstalled', message: textOf(error) };
  }
  try {
    return { id, value: await perform(keytar, request) };
  } catch (error) {
    return { id, failure: 'noKeyring', message: textOf(error) };
  }
}

async function perform(keytar: Keytar, request: KeychainRequest): Promise<string | boolean | null> {
  switch (request.kind) {
    case 'get': {
      const stored = await keytar.getPassword(SERVICE, request.account);
      return stored === null ? null : decode(stored);
    }
    case 'set':
      await keytar.setPassword(SERVICE, request.account, encode(request.secret));
      return true;
    case 'delete':
      return keytar.deletePassword(SERVICE, request.account);
    case 'health':
      await keytar.setPassword(SERVICE, PROBE_ACCOUNT, encode('works'));
      return keytar.deletePassword(SERVICE, PROBE_ACCOUNT);
  }
}

/** Base64, because not every keychain keeps every character. */
const encode = (secret: string): string => Buffer.from(secret, 'utf8').toString('base64');
const decode = (stored: string): string => Buffer.from(stored, 'base64').toString('utf8');

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
