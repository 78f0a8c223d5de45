/** Statements as rules see them. What no rule looks into is not parsed: data of a dump comes in tens of thousands. */
import { hasSqlDetails, type Node, parseSync } from 'libpg-query';
import type { Statement, StatementTraits } from '../../../../shared/model/statement.ts';
import type { CatalogueFacts } from '../../../engine/hazards.ts';
import { ScriptState } from './scriptState.ts';
import { namesOf } from './tables.ts';
import { as } from './tree.ts';

export interface Parsed {
  /** Null: nothing that rules look into, or not PostgreSQL's syntax, which the server tells better. */
  readonly node: Node | null;
  /** Tables that it makes, with their schemas. */
  readonly makes: readonly string[];
  readonly script: ScriptState;
}

/** Different shapes of data statements that are parsed in one plan; of further ones only those without WHERE. */
const enoughShapes = 1000;

const neverParsed =
  /^(?:COMMENT|GRANT|REVOKE|EXPLAIN|SHOW|ANALYZE|CREATE (?:SCHEMA|SEQUENCE|TYPE|DOMAIN|EXTENSION|ROLE|AGGREGATE|OPERATOR|COLLATION))\b/;
const definesProgram = /^CREATE (?:FUNCTION|PROCEDURE)/;
const suspiciousProgram = /\bLANGUAGE\s+['"]?(?:c|internal|\w+u)\b|\bSECURITY\s+DEFINER\b/i;
const reachesOut = /\b(?:dblink\w*|setval|pg_\w+|lo_\w+)\s*\(/i;
const name = '((?:"[^"]+"|[\\w$]+)(?:\\s*\\.\\s*(?:"[^"]+"|[\\w$]+))?)';
const plainTable = new RegExp(`^CREATE\\s+(?:UNLOGGED\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${name}\\s*\\(`, 'i');
const touchesOthers = /\b(?:REFERENCES|PARTITION|INHERITS)\b/i;
const changesTable = new RegExp(
  `^(?:ALTER\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?(?:ONLY\\s+)?|CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+(?:[\\w$]+|"[^"]+")\\s+ON\\s+(?:ONLY\\s+)?)${name}`,
  'i',
);
const touchesOthersLater = /\b(?:REFERENCES|PARTITION|INHERIT|RENAME|SET\s+SCHEMA)\b/i;

export class StatementParser {
  private readonly shapes = new Map<string, Node | null>();
  private readonly made = new Set<string>();
  private script = new ScriptState(true);
  private readonly facts: CatalogueFacts;

  constructor(facts: CatalogueFacts) {
    this.facts = facts;
  }

  begin({ transactional }: { readonly transactional: boolean }): void {
    this.script = new ScriptState(transactional);
  }

  parse({ text }: Statement, traits: StatementTraits): Parsed {
    const { script } = this;
    script.follow(traits);
    const plain = plainTable.exec(text);
    if (plain !== null && !touchesOthers.test(text))
      return { node: null, makes: this.remember(plain[1] ?? ''), script };
    const node = this.nodeOf(text, traits);
    const makes = makesOf(node).flatMap((relation) => this.rememberNames(namesOf(relation, this.facts.searchPath)));
    return { node, makes, script };
  }

  private nodeOf(text: string, { kind, verb }: StatementTraits): Node | null {
    if (kind === 'transactionControl' || neverParsed.test(verb)) return null;
    if (definesProgram.test(verb) && !suspiciousProgram.test(text)) return null;
    if (kind === 'data' || kind === 'query') return this.dataNode(text, verb);
    const changed = changesTable.exec(text)?.[1];
    if (changed !== undefined && this.isMade(changed) && !touchesOthersLater.test(text)) return null;
    return parsed(text);
  }

  private dataNode(text: string, verb: string): Node | null {
    if (verb === 'SELECT' && /\bnextval\s*\(/i.test(text)) return parsed(text);
    // Numbers that an INSERT takes from a sequence are nothing to tell.
    if ((verb === 'INSERT' || verb === 'SELECT' || verb === 'VALUES') && !reachesOut.test(text)) return null;
    // Data follows: nothing else can be meant.
    if (verb === 'COPY') return /['$]/.test(text) ? parsed(text) : null;
    const shape = shapeOf(text);
    const known = this.shapes.get(shape);
    if (known !== undefined) return known;
    if (this.shapes.size >= enoughShapes && /\bWHERE\b/i.test(text) && !reachesOut.test(text)) return null;
    const node = parsed(text);
    this.shapes.set(shape, node);
    return node;
  }

  private isMade(written: string): boolean {
    return namesOf(relationOfText(written), this.facts.searchPath).some((one) => this.made.has(one));
  }

  private remember(written: string): readonly string[] {
    return this.rememberNames(namesOf(relationOfText(written), this.facts.searchPath));
  }

  /** What is there already is not made: IF NOT EXISTS passes it by. */
  private rememberNames(names: readonly string[]): readonly string[] {
    const [first] = names;
    if (first === undefined || names.some((one) => this.facts.tables.has(one))) return [];
    this.made.add(first);
    return [first];
  }
}

function parsed(text: string): Node | null {
  try {
    return parseSync(text).stmts?.[0]?.stmt ?? null;
  } catch (thrown) {
    if (hasSqlDetails(thrown)) return null;
    throw thrown;
  }
}

function makesOf(node: Node | null) {
  const relation =
    as(node, 'CreateStmt')?.relation ??
    as(node, 'CreateTableAsStmt')?.into?.rel ??
    as(node, 'SelectStmt')?.intoClause?.rel;
  return relation === undefined ? [] : [relation];
}

const relationOfText = (written: string) => {
  const parts = [...written.matchAll(/"([^"]+)"|[\w$]+/g)].map(([word, quoted]) => quoted ?? word.toLowerCase());
  const [relname = '', schemaname] = parts.reverse();
  return schemaname === undefined ? { relname } : { relname, schemaname };
};

/** Equal for statements that differ in their values only; the text itself where that is hard to tell. */
const shapeOf = (text: string): string =>
  /\\|\$|--|\/\*/.test(text)
    ? text
    : text.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b/g, (token) =>
        token.startsWith('"') ? token : '?',
      );
