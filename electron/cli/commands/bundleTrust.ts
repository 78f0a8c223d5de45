/** `bundle key`, `bundle trust`: whose signatures are believed here, and ours for others to believe. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { type KeyPurpose, keyPurposes, type TrustedKey } from '../../../shared/model/trustedKey.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { signingKey } from '../../services/signingKey.ts';
import { addTrustedKey, readKeyFile, readPublicKey, removeTrustedKey, trustedKeys } from '../../services/trustStore.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

interface TrustOptions {
  readonly name?: string;
  readonly for?: readonly KeyPurpose[];
  readonly fingerprint?: string;
  readonly list?: boolean;
  readonly remove?: string;
  readonly reason?: string;
}

export function addTrustCommands(bundle: Command, bind: Parameters<Define>[1]): void {
  const key = bundle
    .command('key')
    .description('this installation’s public key and its fingerprint, for others to trust');
  bind(key, async ({ backend, terminal }) => {
    const { context } = await backend();
    const own = readPublicKey((await signingKey(context.credentials.keychain)).publicKey);
    if (terminal.machine) terminal.document(own);
    else {
      terminal.print(own.publicKey);
      terminal.note(`Fingerprint, to be told another way: ${own.fingerprint}`);
    }
    return exitCodes.done;
  });
  const trust = bundle
    .command('trust')
    .argument('[key]', 'a public key, or a file that holds it')
    .description('believe what this key signs')
    .option('--name <name>', 'whose key it is')
    .option(
      `--for <purpose>`,
      `what it is believed in, repeatable: ${keyPurposes.join(', ')} (default: bundles)`,
      purpose,
    )
    .option('--fingerprint <fingerprint>', 'of the key, as its owner tells it; asked for without')
    .option('--list', 'the keys that are trusted')
    .option('--remove <name>', 'a name or a fingerprint')
    .option('--reason <text>', 'why it is removed; kept in the audit log');
  bind(trust, async (invocation) => {
    const options = trust.opts<TrustOptions>();
    const { context } = await invocation.backend();
    const { terminal } = invocation;
    if (options.remove !== undefined) {
      const removed = removeTrustedKey(context, options.remove, options.reason ?? null);
      return told(removed, `No longer trusted: ${removed.name}, ${removed.fingerprint}`, terminal);
    }
    const given: unknown = trust.processedArgs[0];
    if (typeof given !== 'string') return list(trustedKeys(context), terminal);
    const added = addTrustedKey(context, await wanted(given, options, invocation));
    return told(added, `✓ Trusted for ${added.purposes.join(' and ')}: ${added.name}, ${added.fingerprint}`, terminal);
  });
}

function purpose(value: string, before: readonly KeyPurpose[] = []): readonly KeyPurpose[] {
  const known = keyPurposes.find((one) => one === value);
  if (known === undefined) throw new InvalidArgumentError(`It is one of: ${keyPurposes.join(', ')}.`);
  return [...before, known];
}

async function wanted(given: string, options: TrustOptions, { terminal }: Invocation) {
  const key = (await readKeyFile(given)) ?? given;
  const { publicKey, fingerprint } = readPublicKey(key);
  const name = options.name ?? (terminal.interactive ? await terminal.ask('Whose key is it? ') : '');
  const compared = options.fingerprint ?? (await askFingerprint(fingerprint, terminal));
  return { key: publicKey, name, purposes: options.for ?? (['bundles'] as const), fingerprint: compared };
}

/** A key is as good as its way here: somebody must have compared it. */
async function askFingerprint(fingerprint: string, terminal: Terminal): Promise<string> {
  if (!terminal.interactive)
    return raise({
      code: 'gate.confirmation',
      message: `The fingerprint of this key is ${fingerprint}: nobody has said that it was compared.`,
      hint: `Ask its owner for it; when both are equal: --fingerprint "${fingerprint}"`,
    });
  terminal.note(`The fingerprint of this key is ${fingerprint}.`);
  const said = await terminal.ask('Does its owner name the same one? [y/N] ');
  return /^y(es)?$/i.test(said) ? fingerprint : '';
}

function told(key: TrustedKey, words: string, terminal: Terminal): number {
  if (terminal.machine) terminal.document({ key });
  else terminal.print(plain(words));
  return exitCodes.done;
}

const columns: readonly Column<TrustedKey>[] = [
  { title: 'Name', value: (row) => row.name },
  { title: 'For', value: (row) => row.purposes.join(', ') },
  { title: 'Added', value: (row) => `${formatTime(row.addedAt)} by ${row.addedBy}` },
  { title: 'Fingerprint', value: (row) => row.fingerprint },
];

function list(keys: readonly TrustedKey[], terminal: Terminal): number {
  if (terminal.machine) terminal.document({ keys });
  else if (keys.length === 0) terminal.print('No key is trusted.');
  else terminal.print(formatTable(columns, keys, terminal));
  return exitCodes.done;
}
