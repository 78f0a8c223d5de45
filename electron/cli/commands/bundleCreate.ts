/** `bundle create`: a signed file of a folder's migrations. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { bundleEnding, isBundlePath, type ProductRange, products } from '../../../shared/model/bundle.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { type CreatedBundle, createBundle } from '../../services/bundles/createBundle.ts';
import { longestNotes } from '../../services/bundles/manifest.ts';
import { chosenSigner } from '../../services/bundles/signer.ts';
import { readPublicKey } from '../../services/trustStore.ts';
import { formatBytes } from '../format.ts';
import { type Define, fromVariable } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

interface CreateOptions {
  readonly from?: string;
  readonly to?: string;
  readonly out: string;
  readonly notes?: string;
  readonly notesFile?: string;
  readonly origin?: string;
  readonly app?: readonly string[];
  readonly requires?: string;
  readonly server?: readonly ProductRange[];
  readonly extension?: readonly string[];
  readonly signingKey?: string;
  readonly signingKeyEnv?: string;
}

export function addCreateCommand(bundle: Command, bind: Parameters<Define>[1]): void {
  const command = bundle
    .command('create')
    .description('a signed file of the migrations of --source, or of the environment’s folder')
    .requiredOption('--out <file>', `the file to make; its name ends in ${bundleEnding}`)
    .option('--from <version>', 'the first that it brings (default: the first there is)')
    .option('--to <version>', 'the last that it brings (default: the last there is)')
    .option('--notes <text>', 'plain text for whoever applies it')
    .option('--notes-file <file>', 'the same from a file')
    .option('--origin <text>', 'who made it')
    .option('--app <version>', 'a version of the application that suits afterwards, repeatable', listed)
    .option('--requires <version>', 'a migration that must be applied before')
    .option('--server <range>', 'PostgreSQL, MariaDB:10.6, PostgreSQL:13-17; repeatable (default: any)', server)
    .option('--extension <name>', 'an extension that the database must have, repeatable', listed)
    .option('--signing-key <file>', 'Ed25519 private key in PEM (default: this installation’s)')
    .option('--signing-key-env <variable>', 'environment variable that holds such a key');
  bind(command, async (invocation) => {
    const options = command.opts<CreateOptions>();
    if (!isBundlePath(options.out))
      raise({
        code: 'usage.invalid',
        message: `The name must end in ${bundleEnding}.`,
        hint: `For example: --out hotfix${bundleEnding}`,
      });
    const { context } = await invocation.backend();
    const signer = await chosenSigner(context, {
      ...(options.signingKey === undefined ? {} : { file: options.signingKey }),
      ...(options.signingKeyEnv === undefined ? {} : { pem: fromVariable(options.signingKeyEnv) }),
    });
    const made = await createBundle(
      {
        source: await invocation.folder(),
        from: options.from ?? null,
        to: options.to ?? null,
        origin: options.origin ?? null,
        notes: await notesOf(options),
        requires: {
          applications: options.app ?? [],
          schemaVersion: options.requires ?? null,
          servers: options.server ?? [],
          extensions: options.extension ?? [],
        },
      },
      signer,
    );
    const path = resolve(options.out);
    await write(path, made.file);
    tell(path, made, readPublicKey(signer.publicKey).fingerprint, invocation.terminal);
    return exitCodes.done;
  });
}

const listed = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `Product`, `Product:from`, `Product:from-to`, `Product:-to`. */
function server(value: string, before: readonly ProductRange[] = []): readonly ProductRange[] {
  const [, name, from, to] = /^(\w+)(?::([\d.]*)(?:-([\d.]+))?)?$/.exec(value) ?? [];
  const product = products.find((one) => one.toLowerCase() === name?.toLowerCase());
  if (product === undefined)
    throw new InvalidArgumentError(`Write one of ${products.join(', ')}, with versions such as PostgreSQL:13-17.`);
  return [...before, { product, from: from === undefined || from === '' ? null : from, to: to ?? null }];
}

async function notesOf({ notes, notesFile }: CreateOptions): Promise<string | null> {
  const text = notesFile === undefined ? (notes ?? null) : await readFile(notesFile, 'utf8').catch(unreadableNotes);
  return text !== null && text.length > longestNotes
    ? raise({ code: 'usage.invalid', message: `Notes may have ${longestNotes} characters.`, hint: 'Shorten them.' })
    : text;
}

const unreadableNotes = (thrown: unknown): never =>
  raise({ code: 'usage.invalid', message: 'The file of notes cannot be read.', hint: 'Check its path.' }, thrown);

async function write(path: string, file: Buffer): Promise<void> {
  await writeFile(path, file).catch((thrown: unknown) =>
    raise(
      { code: 'usage.invalid', message: `${path} cannot be written.`, hint: 'Choose another place for it.', path },
      thrown,
    ),
  );
}

function tell(path: string, { file, digest, manifest }: CreatedBundle, fingerprint: string, terminal: Terminal): void {
  if (terminal.machine) {
    terminal.document({ path, digest, bytes: file.length, fingerprint, manifest });
    return;
  }
  const { range, migrations, files } = manifest;
  const brought = migrations.filter(({ included }) => included).length;
  terminal.print(
    plain(`✓ ${brought} migrations, ${range.from} to ${range.to}, in ${path} (${formatBytes(file.length)})`),
  );
  for (const { path: name } of files) terminal.note(plain(`  ${name}`));
  terminal.note(`SHA-256      ${digest}\nfingerprint  ${fingerprint}`);
}
