/** Keys of encrypted backups: made here, kept in the keychain or asked for each session, never written to a file. */
import type { ArchiveKeyInput, UnlockInput } from '../../shared/contract/settings.ts';
import type { ArchiveKeyView } from '../../shared/contract/views.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { raise } from '../../shared/problem.ts';
import {
  type ArchiveKey,
  formatKey,
  type KeyRecipe,
  keyFromPassphrase,
  parseKey,
  randomKey,
} from '../backups/encryption/archiveKey.ts';
import { knownKey, rememberKey } from '../backups/encryption/keyRing.ts';
import { readRecipe } from '../backups/encryption/readRecipe.ts';
import type { Kept } from '../credentials/credentialStore.ts';
import type { Context } from './context.ts';
import { available } from './keeping.ts';
import { recordAudit } from './recordAudit.ts';
import { requireRole } from './roles.ts';

/** What is stored of the key that new backups get: how to find it again. */
interface KeyReference {
  readonly id: string;
  readonly keep: 'keychain' | 'ask';
  readonly recipe:
    | { readonly kind: 'random' }
    | { readonly kind: 'passphrase'; readonly salt: string; readonly cost: number };
}

const referenceKey = 'archiveKey';
const accountOf = (id: string): string => `backup key ${id}`;
/** For scripts, which nobody can ask: the passphrase itself. */
const passphraseVariable = 'LOCKKEEPER_BACKUP_PASSPHRASE';

/** @throws {ProblemError} `keychain.unavailable`, `gate.role` */
export async function createArchiveKey(context: Context, input: ArchiveKeyInput): Promise<ArchiveKeyView> {
  requireRole(context, true);
  const key = input.kind === 'random' ? randomKey() : await keyFromPassphrase(input.passphrase);
  const keep = input.kind === 'random' ? 'keychain' : input.keep;
  available(await storeOf(context, keep).set(accountOf(key.id), formatKey(key)));
  const { recipe } = key;
  const reference: KeyReference = {
    id: key.id,
    keep,
    recipe: recipe.kind === 'random' ? recipe : { ...recipe, salt: recipe.salt.toString('base64') },
  };
  context.workspace.settings.set(referenceKey, reference);
  rememberKey(key);
  recordAudit(context, {
    action: 'backup key created',
    environment: null,
    run: null,
    detail: { id: key.id, kind: recipe.kind, keep },
  });
  context.changes.publish({ kind: 'settings', environmentId: null });
  return { id: key.id, kind: recipe.kind, keep, unlocked: true };
}

const storeOf = ({ credentials }: Context, keep: KeyReference['keep']) =>
  keep === 'keychain' ? credentials.keychain : credentials.session;

const referenceOf = ({ workspace }: Context): KeyReference | null => workspace.settings.get<KeyReference>(referenceKey);

const recipeOf = ({ recipe }: KeyReference): KeyRecipe =>
  recipe.kind === 'random' ? recipe : { ...recipe, salt: Buffer.from(recipe.salt, 'base64') };

export async function viewArchiveKey(context: Context): Promise<ArchiveKeyView | null> {
  const reference = referenceOf(context);
  if (reference === null) return null;
  const { id, keep, recipe } = reference;
  const unlocked = keep === 'keychain' || knownKey(id) !== null;
  return { id, kind: recipe.kind, keep, unlocked };
}

/** The key for new backups. @throws {ProblemError} `backup.keyMissing`, `backup.wrongKey`, `keychain.unavailable` */
export async function currentArchiveKey(context: Context): Promise<ArchiveKey> {
  const reference = referenceOf(context);
  if (reference === null)
    return raise({
      code: 'backup.keyMissing',
      message: 'Backups shall be encrypted, but there is no key for them yet.',
      hint: 'Make one in Settings, Backups.',
    });
  return (
    (await findKey(context, reference.id, recipeOf(reference))) ??
    raise({
      code: 'backup.keyMissing',
      message: 'Backups shall be encrypted, but their key is not known in this session.',
      hint:
        reference.recipe.kind === 'passphrase'
          ? `Enter the passphrase in Settings, Backups, or set ${passphraseVariable}.`
          : 'The keychain does not hold it any more: make a new key in Settings, Backups.',
    })
  );
}

/** Before an archive is read. Says nothing when its key is not to be had: opening the archive does. @throws {ProblemError} `backup.wrongKey`, `keychain.unavailable` */
export async function unlockArchive(context: Context, backup: Backup): Promise<void> {
  if (backup.encrypted && backup.key !== undefined)
    await findKey(context, backup.key, await readRecipe(backup.path).catch(() => null));
}

/** With a passphrase that a person typed. @throws {ProblemError} `backup.wrongKey`, `backup.notFound`, `usage.invalid` */
export async function unlockArchiveKey(context: Context, { backup: id, passphrase }: UnlockInput): Promise<void> {
  const backup = id === null ? null : context.workspace.backups.get(id);
  const reference = referenceOf(context);
  const recipe = backup === null ? reference && recipeOf(reference) : await readRecipe(backup.path);
  const keyId = backup === null ? reference?.id : backup.key;
  if (recipe?.kind !== 'passphrase' || keyId === undefined)
    return raise({
      code: 'usage.invalid',
      message: 'This key was not made from a passphrase.',
      hint: 'It comes from the keychain of the computer it was made on.',
    });
  const key = await fromPassphrase(passphrase, recipe, keyId);
  rememberKey(key);
  await context.credentials.session.set(accountOf(keyId), formatKey(key));
  context.changes.publish({ kind: 'settings', environmentId: null });
}

async function findKey(context: Context, id: string, recipe: KeyRecipe | null): Promise<ArchiveKey | null> {
  const known = knownKey(id);
  if (known !== null) return known;
  const account = accountOf(id);
  const given = available(await context.credentials.session.get(account));
  const passphrase = process.env[passphraseVariable];
  const key =
    (given === null ? null : parseKey(given)) ??
    (recipe?.kind === 'passphrase' && passphrase !== undefined ? await fromPassphrase(passphrase, recipe, id) : null) ??
    parseKey(inKeychain(await context.credentials.keychain.get(account), recipe) ?? '');
  if (key !== null) rememberKey(key);
  return key;
}

/** Where a passphrase would do, a keychain that cannot be used is no obstacle. */
const inKeychain = (kept: Kept<string | null>, recipe: KeyRecipe | null): string | null =>
  recipe?.kind === 'passphrase' && kept.kind === 'unavailable' ? null : available(kept);

async function fromPassphrase(
  passphrase: string,
  recipe: KeyRecipe & { kind: 'passphrase' },
  id: string,
): Promise<ArchiveKey> {
  const key = await keyFromPassphrase(passphrase, recipe);
  return key.id === id
    ? key
    : raise({
        code: 'backup.wrongKey',
        message: 'This is not the passphrase that the backup was encrypted with.',
        hint: 'Try the passphrase that was in use when the backup was taken; capitals and blanks count.',
      });
}
