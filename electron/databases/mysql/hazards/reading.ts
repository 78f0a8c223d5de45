/** What rules know of a statement, and of what its script did before it. */
import type { Statement, StatementTraits } from '../../../../shared/model/statement.ts';
import type { CatalogueFacts, HazardContext, TableSize } from '../../../engine/hazards.ts';
import { plainText } from '../../splitting/plainText.ts';
import { type ObjectName, readable } from '../../splitting/words.ts';
import { type Alteration, readDemandable } from '../alteration.ts';
import { costOf } from '../alterationCost.ts';
import type { Cost } from '../cost.ts';
import { mysqlLexicon } from '../lexicon.ts';
import { wordsIn } from '../statementWords.ts';
import { mysqlVersionOf, type ServerVersion } from '../version.ts';
import { ScriptState } from './scriptState.ts';

export interface Parsed {
  /** As `plainText` has it. */
  readonly plain: string;
  /** What it changes a table by, as a statement that takes demands. */
  readonly change: { readonly text: string; readonly alteration: Alteration; readonly cost: Cost } | null;
  readonly server: ServerVersion;
  /** As it is before this statement. */
  readonly script: ScriptState;
  /** Names of tables that it makes. */
  readonly made: readonly string[];
}

/** Characters of an INSERT that are read: its rows can be many. */
const enough = 20_000;

export class StatementReader {
  readonly #facts: CatalogueFacts;
  readonly #server: ServerVersion;
  #state: ScriptState;

  constructor(facts: CatalogueFacts) {
    this.#facts = facts;
    this.#server = mysqlVersionOf(facts);
    this.#state = new ScriptState(facts);
  }

  begin(): void {
    this.#state = new ScriptState(this.#facts);
  }

  read({ text, line }: Statement, traits: StatementTraits): Parsed {
    const script = this.#state;
    this.#state = script.after(text, traits, line);
    const [facts, server] = [this.#facts, this.#server];
    const isInsert = /^(?:INSERT|REPLACE)$/.test(traits.verb);
    const tellsNothing = isInsert && !/LOAD_FILE/i.test(text);
    return {
      plain: tellsNothing ? traits.verb : plainText(mysqlLexicon, isInsert ? text.slice(0, enough) : text, '`'),
      change: traits.kind === 'definition' || traits.verb === 'OPTIMIZE' ? changeBy(text, script, facts) : null,
      made: traits.verb.endsWith('TABLE') && traits.verb.startsWith('CREATE') ? madeBy(text, facts) : [],
      server,
      script,
    };
  }
}

function changeBy(text: string, { foreignKeyChecks }: ScriptState, facts: CatalogueFacts): Parsed['change'] {
  const read = readDemandable(text);
  if (read === null) return null;
  const layout = facts.tables.get(keyOf(read.alteration.table))?.layout ?? null;
  return { ...read, cost: costOf(read.alteration, { layout, server: mysqlVersionOf(facts), foreignKeyChecks }) };
}

const keyOf = ({ schema, name }: ObjectName): string => (schema === null ? name : `${schema}.${name}`).toLowerCase();

export interface KnownTable {
  readonly name: string;
  /** Made by the same plan: nobody uses it yet. */
  readonly isNew: boolean;
  readonly size: TableSize | null;
}

export function known(table: ObjectName, context: HazardContext): KnownTable {
  const key = keyOf(table);
  return {
    name: table.schema === null ? table.name : `${table.schema}.${table.name}`,
    isNew: context.isNew(key),
    size: context.sizeOf(key),
  };
}

/** Tables that a statement after these words names, such as `DROP TABLE IF EXISTS`; none where others begin it. */
export function tablesAfter(text: string, ...beginnings: readonly string[]): ObjectName[] {
  return (
    readable(() => {
      const words = wordsIn(text);
      if (words.oneOf(...beginnings) === '') return [];
      words.oneOf('IF EXISTS', 'IF NOT EXISTS');
      return words.objects();
    }) ?? []
  );
}

/** A table that the statement makes, unless one is there already. */
function madeBy(text: string, facts: CatalogueFacts): string[] {
  const made = readable(() => {
    const words = wordsIn(text);
    words.expect('CREATE');
    words.accept('OR REPLACE');
    words.accept('TEMPORARY');
    words.expect('TABLE');
    const isOptional = words.accept('IF NOT EXISTS');
    const key = keyOf(words.object());
    return isOptional && facts.tables.has(key) ? [] : [key];
  });
  return made ?? [];
}
