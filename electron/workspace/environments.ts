import { type Environment, type Protection, protectionByTier } from '../../shared/model/environment.ts';
import { type SettingsLayers, settingsFor } from '../../shared/model/settings.ts';
import { tenantOf, tenantsIn } from '../../shared/model/tenant.ts';
import { raise } from '../../shared/problem.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';

/** Names that differ only in case or in how letters are composed are one name. */
const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export class Environments {
  readonly #store: Store;

  readonly #settings: Settings;

  constructor(store: Store, settings: Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** By name. */
  list(): Environment[] {
    const layers = this.#settings.layers();
    const texts = this.#store.texts('SELECT environment FROM environments ORDER BY name_key');
    return texts.map((text) => environmentOf(text, layers));
  }

  /** Also a tenant of one, by the environment's name or id with the tenant's behind it. */
  find(idOrName: string): Environment | null {
    const stored = this.#findStored(idOrName);
    if (stored !== null) return stored;
    for (const { environment, kind, name } of tenantsIn(idOrName)) {
      const of = this.#findStored(environment);
      if (of !== null) return tenantOf(of, kind, name);
    }
    return null;
  }

  #findStored(idOrName: string): Environment | null {
    const found = this.#store.text(
      'SELECT environment FROM environments WHERE id = ? OR name_key = ? ORDER BY id = ? DESC LIMIT 1',
      idOrName,
      keyOf(idOrName),
      idOrName,
    );
    return found === null ? null : environmentOf(found, this.#settings.layers());
  }

  /**
   * What its protection differs in from what it inherits becomes its own setting.
   * @throws {ProblemError} `environment.duplicate`
   */
  add(environment: Environment): void {
    const { id, name } = environment;
    withUniqueName(name, () =>
      this.#store.write(
        'INSERT INTO environments (id, name_key, environment) VALUES (?, ?, ?)',
        id,
        keyOf(name),
        textOf(environment, this.#settings.layers()),
      ),
    );
  }

  /** @throws {ProblemError} `environment.duplicate`, `environment.notFound` */
  update(environment: Environment): void {
    const { id, name } = environment;
    const changed = withUniqueName(name, () =>
      this.#store.write(
        'UPDATE environments SET name_key = ?, environment = ? WHERE id = ?',
        keyOf(name),
        textOf(environment, this.#settings.layers()),
        id,
      ),
    );
    if (changed === 0)
      raise({
        code: 'environment.notFound',
        message: `The environment ${name} was removed meanwhile.`,
        hint: 'Add it again.',
      });
  }

  remove(id: string): void {
    this.#store.write('DELETE FROM environments WHERE id = ?', id);
  }
}

function withUniqueName(name: string, write: () => number): number {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE')) throw error;
    return raise(
      {
        code: 'environment.duplicate',
        message: `There is an environment named ${name} already.`,
        hint: 'Choose another name.',
      },
      error,
    );
  }
}

/** As it was stored before environments had settings of their own: with its whole protection. */
type Stored = Omit<Environment, 'protection'> & { readonly protection?: Partial<Protection> };

function environmentOf(text: string, layers: SettingsLayers): Environment {
  const { protection, ...stored } = JSON.parse(text) as Stored;
  const before = protection === undefined ? {} : difference(protection, protectionByTier[stored.tier]);
  const own = stored.settings ?? (isEmpty(before) ? undefined : { protection: before });
  return {
    ...stored,
    ...(own === undefined ? {} : { settings: own }),
    protection: settingsFor(layers, stored.tier, own).protection,
  };
}

function textOf({ protection, settings = {}, ...kept }: Environment, layers: SettingsLayers): string {
  const { protection: chosen = {}, ...others } = settings;
  const inherited = settingsFor(layers, kept.tier).protection;
  const still = Object.entries(chosen).filter(([name, value]) => isSame(protection[name as keyof Protection], value));
  const own = { ...Object.fromEntries(still), ...difference(protection, inherited) };
  const layer = { ...others, ...(isEmpty(own) ? {} : { protection: own }) };
  return JSON.stringify({ ...kept, ...(isEmpty(layer) ? {} : { settings: layer }) });
}

/** Fields of `protection` that are not the same in `other`. */
const difference = (protection: Partial<Protection>, other: Protection): Partial<Protection> =>
  Object.fromEntries(
    Object.entries(protection).filter(([name, value]) => !isSame(other[name as keyof Protection], value)),
  );

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** Nothing said is the same as an empty list. */
const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(orNothing(one)) === JSON.stringify(orNothing(other));

const orNothing = (value: unknown): unknown =>
  value === undefined || value === false || (Array.isArray(value) && value.length === 0) ? null : value;
