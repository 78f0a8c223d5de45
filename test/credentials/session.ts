// Runs inside a D-Bus session of a test, as a process of its own: does what its arguments say, prints the answers as JSON.
import { execFileSync } from 'node:child_process';
import type { CredentialStore } from '../../electron/credentials/credentialStore.ts';
import { createKeychain } from '../../electron/credentials/keychain.ts';

/** Asks the bus who the keyring is and stops it: it exists, but never answers. */
function suspendKeyring(): void {
  const bus = [
    '--session',
    '--print-reply=literal',
    '--dest=org.freedesktop.DBus',
    '/',
    'org.freedesktop.DBus.GetConnectionUnixProcessID',
  ];
  const answer = execFileSync('dbus-send', [...bus, 'string:org.freedesktop.secrets'], { encoding: 'utf8' });
  process.kill(Number(/uint32 (?<pid>\d+)/.exec(answer)?.groups?.['pid']), 'SIGSTOP');
}

const actions: Readonly<Record<string, (store: CredentialStore, account: string, secret: string) => unknown>> = {
  health: (store) => store.health(),
  get: (store, account) => store.get(account),
  set: (store, account, secret) => store.set(account, secret),
  delete: (store, account) => store.delete(account),
  suspend: suspendKeyring,
};

const store = createKeychain();
const answers: unknown[] = [];
for (const step of JSON.parse(process.argv[2] ?? '[]') as string[][]) {
  const [name = '', account = '', secret = ''] = step;
  answers.push((await actions[name]?.(store, account, secret)) ?? null);
}
process.stdout.write(JSON.stringify(answers));
