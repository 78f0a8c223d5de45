/** Looks at a plan's statements for what they may do to a database in use. Pure: what is known of the database is given. */
import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement, StatementTraits } from '../../shared/model/statement.ts';

/** What the database says of itself before a plan is judged. */
export interface CatalogueFacts {
  /** `PostgreSQL`, `MariaDB`, `MySQL`, `SQLite`; null: no database was asked. */
  readonly product: string | null;
  readonly version: string | null;
  /** Of the session; it decides what some conversions cost. */
  readonly timeZone: string | null;
  /** By qualified name as written without quotes, lower case: `public.people`; on MySQL and SQLite only the table's. */
  readonly tables: ReadonlyMap<string, TableSize>;
  /** Schemas that names without one are looked for in, in order; absent where the engine has none. */
  readonly searchPath?: readonly string[];
  /** Of the session, by name in lower case; only those that the engine's rules ask for. */
  readonly settings?: ReadonlyMap<string, string>;
  /** From how many bytes on which program changes a table that would be written anew; absent: the server does. */
  readonly onlineAlter?: { readonly program: 'pt-osc' | 'gh-ost'; readonly fromBytes: number };
}

/** Code of the hazard by which a statement is handed to that program. */
export const handedOver = 'handedOver';

export interface TableSize {
  /** As the server's statistics estimate; null: it has none. */
  readonly rows: number | null;
  /** With indexes. */
  readonly bytes: number;
  /** Absent where it was not read, as in a database of very many tables. */
  readonly details?: TableDetails;
  /** Present on engines where the way its rows are stored decides what a change costs. */
  readonly layout?: TableLayout;
  /** Foreign keys that refer to it; present on engines where dropping a table can follow them. */
  readonly referredBy?: readonly Reference[];
}

/** What decides the price of a change. Names as the catalogue has them. */
export interface TableDetails {
  /** Types by column, as the server writes them. */
  readonly columns: Readonly<Record<string, string>>;
  readonly constraints: readonly ConstraintFact[];
  readonly indexes: readonly { readonly name: string; readonly valid: boolean }[];
  /** Qualified name; null: it is no partition. */
  readonly partitionOf: string | null;
}

/** How a table is stored, as its catalogue tells. */
export interface TableLayout {
  /** The storage engine. */
  readonly storage: string;
  /** In lower case, such as `dynamic`. */
  readonly rowFormat: string;
  readonly collation: string | null;
  /** By name in lower case. */
  readonly columns: ReadonlyMap<string, ColumnLayout>;
  /** Of each index its kind: `primary`, `btree`, `fulltext`, `spatial` … */
  readonly indexes: readonly string[];
  /** Instant changes that its rows hold versions of, where the server tells. */
  readonly rowVersions?: number;
}

export interface ColumnLayout {
  readonly type: string;
  readonly nullable: boolean;
  readonly collation: string | null;
  readonly generated: 'virtual' | 'stored' | null;
  readonly autoIncrement: boolean;
  readonly indexed: boolean;
  readonly primary: boolean;
}

/** A foreign key, seen from the table that it refers to. */
export interface Reference {
  readonly table: string;
  /** `CASCADE`, `SET NULL` … */
  readonly onDelete: string;
}

export interface ConstraintFact {
  readonly name: string;
  readonly kind: 'foreignKey' | 'check' | 'notNull';
  readonly valid: boolean;
  readonly columns: readonly string[];
  /** Qualified name of the table that a foreign key points to. */
  readonly references: string | null;
  /** Columns there. */
  readonly referencedColumns: readonly string[];
  /** A check that holds only where its one column has a value. */
  readonly provesNotNull: boolean;
}

/** `mustAccept`: only what must be accepted whatever the protection says; nobody looks at the rest. */
export type HazardExtent = 'all' | 'mustAccept';

export const noFacts: CatalogueFacts = { product: null, version: null, timeZone: null, tables: new Map() };

/** What a rule may know beside the statement. */
export interface HazardContext {
  readonly facts: CatalogueFacts;
  readonly statement: Statement;
  readonly traits: StatementTraits;
  /** Its script runs in one transaction; otherwise each statement has its own. */
  readonly transactional: boolean;
  /** Made earlier in the same plan: nobody uses it yet, and it holds little. */
  isNew(table: string): boolean;
  /** Null: not there, or not known. */
  sizeOf(table: string): TableSize | null;
}

export interface HazardFinding {
  readonly severity: Hazard['severity'];
  /** Where it is not that of the rule. */
  readonly category?: NonNullable<Hazard['category']>;
  /** What it does, to whom, for how long. */
  readonly message: string;
  /** What to do instead, in words. */
  readonly remedy?: string;
  /** The safe way as SQL. */
  readonly rewrite?: string;
  readonly mustAccept?: true;
}

/** One rule in a file of its own, named for its code. `Parsed`: the statement as its engine reads it. */
export interface HazardRule<Parsed> {
  readonly code: string;
  readonly category: NonNullable<Hazard['category']>;
  look(parsed: Parsed, context: HazardContext): HazardFinding | null;
}

export interface HazardLook {
  /** Called before the statements of each script. */
  begin(script: { readonly transactional: boolean }): void;
  /** Called for all statements of a plan in order. */
  look(statement: Statement, traits: StatementTraits): Hazard[];
}

/** Finds nothing. */
export const noHazards: HazardLook = { begin: () => undefined, look: () => [] };

export interface HazardRules<Parsed> {
  /** A script begins: what was kept of the one before it is forgotten. */
  begin?(script: { readonly transactional: boolean }): void;
  /** Null: not to be judged, such as what its engine's parser does not know. */
  parse(statement: Statement, traits: StatementTraits): Parsed | null;
  /** Names of tables that it makes, as rules ask for them. */
  makes(parsed: Parsed): readonly string[];
  readonly rules: readonly HazardRule<Parsed>[];
}

export function createHazardLook<Parsed>(
  { begin, parse, makes, rules }: HazardRules<Parsed>,
  facts: CatalogueFacts,
): HazardLook {
  const made = new Set<string>();
  let transactional = true;
  return {
    begin(script) {
      transactional = script.transactional;
      begin?.(script);
    },
    look(statement, traits) {
      const parsed = parse(statement, traits);
      if (parsed === null) return [];
      const context: HazardContext = {
        facts,
        statement,
        traits,
        transactional,
        isNew: (table) => made.has(table.toLowerCase()),
        sizeOf: (table) => facts.tables.get(table.toLowerCase()) ?? null,
      };
      const found = rules.flatMap(({ code, category, look }) => {
        const finding = look(parsed, context);
        if (finding === null) return [];
        const reason = statement.accepts?.find((one) => one.code.toLowerCase() === code.toLowerCase())?.reason;
        const hazard: Hazard = { code, category, line: statement.line, ...finding };
        return [reason === undefined ? hazard : { ...hazard, accepted: reason }];
      });
      for (const table of makes(parsed)) made.add(table.toLowerCase());
      return found;
    },
  };
}
