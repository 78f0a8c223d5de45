import type { Backup } from '../../shared/model/backup.ts';
import { raise } from '../../shared/problem.ts';
import type { Store } from './store.ts';

/** What is known of backups; their archives are files of their own. */
export class Backups {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(backup: Backup): void {
    const { id, environment, takenAt } = backup;
    this.#store.write(
      'INSERT INTO backups (id, environment, taken_at, backup) VALUES (?, ?, ?, ?)',
      id,
      environment,
      takenAt,
      JSON.stringify(backup),
    );
  }

  /** @throws {ProblemError} `backup.notFound` */
  update(backup: Backup): void {
    const changed = this.#store.write('UPDATE backups SET backup = ? WHERE id = ?', JSON.stringify(backup), backup.id);
    if (changed === 0)
      raise({
        code: 'backup.notFound',
        message: `There is no backup ${backup.id}.`,
        hint: 'List the backups with: lockkeeper backup list',
      });
  }

  get(id: string): Backup | null {
    const found = this.#store.text('SELECT backup FROM backups WHERE id = ?', id);
    return found === null ? null : backupOf(found);
  }

  /** Newest first. `environment`: its name; all without it. */
  list({ environment }: { readonly environment?: string | null } = {}): Backup[] {
    const found =
      environment === undefined || environment === null
        ? this.#store.texts('SELECT backup FROM backups ORDER BY taken_at DESC, id DESC')
        : this.#store.texts(
            'SELECT backup FROM backups WHERE environment = ? ORDER BY taken_at DESC, id DESC',
            environment,
          );
    return found.map(backupOf);
  }

  /** Forgets it; the archive stays. */
  remove(id: string): void {
    this.#store.write('DELETE FROM backups WHERE id = ?', id);
  }
}

const backupOf = (text: string): Backup => JSON.parse(text) as Backup;
