/** What a script did so far in its open transaction, for rules about statements that meet. */
import type { StatementTraits } from '../../../../shared/model/statement.ts';
import type { LockMode } from './lockModes.ts';

interface HeldLock {
  readonly mode: LockMode;
  readonly line: number;
}

export class ScriptState {
  /** Statements share a transaction, and keep their locks until its end. */
  isOpen: boolean;
  /** Strongest lock by table that others use. */
  readonly locks = new Map<string, HeldLock>();
  /** Values added to enumerations. */
  readonly enumValues = new Set<string>();
  /** Codes of hazards of which one in a transaction is enough. */
  readonly told = new Set<string>();
  private readonly transactional: boolean;

  constructor(transactional: boolean) {
    this.transactional = transactional;
    this.isOpen = transactional;
  }

  follow({ kind, verb }: StatementTraits): void {
    if (kind !== 'transactionControl') {
      if (!this.isOpen) this.forget();
      return;
    }
    if (/^(?:BEGIN|START)/.test(verb)) this.isOpen = true;
    if (!/^(?:COMMIT|END|ABORT|ROLLBACK$|PREPARE)/.test(verb)) return;
    this.isOpen = this.transactional;
    this.forget();
  }

  private forget(): void {
    this.locks.clear();
    this.enumValues.clear();
    this.told.clear();
  }
}
