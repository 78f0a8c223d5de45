import type { HazardRule } from '../../../engine/hazards.ts';
import { tablesOf } from '../classify.ts';
import type { Parsed } from './reading.ts';

const others = /^(?:MyISAM|MRG_MyISAM|MERGE|Aria|MEMORY|HEAP|CSV|ARCHIVE|BLACKHOLE|FEDERATED|S3)$/i;

/** Tables whose rows no rollback brings back, and no crash spares. */
export const notTransactionalTable: HazardRule<Parsed> = {
  code: 'notTransactionalTable',
  category: 'notTransactional',
  look({ plain, change }, { traits, statement, sizeOf, facts }) {
    const given = traits.kind === 'definition' ? /\bENGINE =? ?(?:'' ?)?(\w+)/.exec(plain)?.[1] : undefined;
    const isMade = traits.verb.startsWith('CREATE') || change !== null;
    const byDefault = facts.settings?.get('default_storage_engine');
    const engine =
      given ?? (traits.verb === 'CREATE TABLE' && !/ (?:LIKE|SELECT) /.test(plain) ? byDefault : undefined);
    if (isMade && engine !== undefined && others.test(engine))
      return {
        severity: 'warning',
        message: `${engine} tables know no transactions and no foreign keys: a failed change stays half done, a dump is not consistent, and a crash may break them.`,
        remedy: 'Use InnoDB.',
      };
    if (traits.kind !== 'data' || traits.implicitCommit) return null;
    const [table = ''] = tablesOf(statement.text);
    const storage = sizeOf(table)?.layout?.storage ?? '';
    if (!others.test(storage)) return null;
    return {
      severity: 'warning',
      message: `${table} is a table of ${storage}, which knows no transactions: if it fails in the middle, the rows changed so far stay changed.`,
      remedy: 'Convert it to InnoDB first.',
      rewrite: `ALTER TABLE ${table} ENGINE=InnoDB;`,
    };
  },
};
