import { type Environment, protectionByTier } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import type { Store } from './store.ts';

/** Names that differ only in case or in how letters are composed are one name. */
const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export class Environments {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** By name. */
  list(): Environment[] {
    return this.#store.texts('SELECT environment FROM environments ORDER BY name_key').map(environmentOf);
  }

  find(idOrName: string): Environment | null {
    const found = this.#store.text(
      'SELECT environment FROM environments WHERE id = ? OR name_key = ? ORDER BY id = ? DESC LIMIT 1',
      idOrName,
      keyOf(idOrName),
      idOrName,
    );
    return found === null ? null : environmentOf(found);
  }

  /** @throws {ProblemError} `environment.duplicate` */
  add(environment: Environment): void {
    const { id, name } = environment;
    withUniqueName(name, () =>
      this.#store.write(
        'INSERT INTO environments (id, name_key, environment) VALUES (?, ?, ?)',
        id,
        keyOf(name),
        JSON.stringify(environment),
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
        JSON.stringify(environment),
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

function environmentOf(text: string): Environment {
  const stored = JSON.parse(text) as Environment;
  // Demands that came with a later version hold for what was stored before it, too.
  return { ...stored, protection: { ...protectionByTier[stored.tier], ...stored.protection } };
}
