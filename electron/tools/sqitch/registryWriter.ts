/** Rows of sqitch's registry for what was deployed, reverted or failed. */
import { hostname } from 'node:os';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Dialect, HistoryWrite, TableName } from '../../engine/ports.ts';
import { shortened } from '../common/historyRows.ts';
import { now, type RegistryTables } from './registry.ts';

interface Planned {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly at: string;
  readonly planner: string;
  readonly email: string;
}
interface Dependency {
  readonly kind: 'require' | 'conflict';
  readonly text: string;
  readonly id: string | null;
}

interface Facts {
  readonly recorded: Readonly<Record<string, string | null>>;
  readonly tags: readonly Planned[];
  readonly dependencies: readonly Dependency[];
}

/** Null: nothing is known of it but its id. */
function factsOf({ recorded }: Migration): Facts | null {
  if (recorded === undefined) return null;
  return {
    recorded,
    tags: JSON.parse(recorded['tags'] ?? '[]'),
    dependencies: JSON.parse(recorded['dependencies'] ?? '[]'),
  };
}

export function registryWriter(engine: EngineId, dialect: Dialect, tables: RegistryTables) {
  const quote = (table: TableName) => dialect.quoteTable(table);
  const { changes, projects, tags, dependencies, events } = tables;
  /** Its columns for text hold no character of four bytes on MySQL, and names no more than 255. */
  const text = (value: string | null | undefined, most = Number.POSITIVE_INFINITY) => {
    const fitting =
      engine === 'mysql' ? (value?.replace(/[\u{10000}-\u{10ffff}]/gu, '\uFFFD') ?? null) : (value ?? null);
    return dialect.quoteLiteral(fitting === null || engine !== 'mysql' ? fitting : shortened(fitting, most));
  };
  const time = (value: string | null | undefined) => {
    const at = (value ?? '').replace('T', ' ').replace('Z', '');
    return engine === 'postgres' ? `${dialect.quoteLiteral(`${at}+00`)}::timestamptz` : dialect.quoteLiteral(at);
  };
  const list = (values: readonly string[], separator: string) =>
    engine === 'postgres'
      ? `ARRAY[${values.map((value) => text(value)).join(', ')}]::text[]`
      : text(values.join(separator));
  const committer = ({ actor }: HistoryWrite) => [
    text(actor, 255),
    text(actor.includes('@') ? actor : `${actor}@${hostname()}`, 255),
  ];
  const insert = (
    table: TableName,
    values: Readonly<Record<string, string>>,
    from = ' FROM (SELECT 1 AS one) AS one_row',
  ) =>
    `INSERT INTO ${quote(table)} (${Object.keys(values)
      .map((name) => dialect.quoteIdentifier(name))
      .join(', ')}) SELECT ${Object.values(values).join(', ')}${from}`;
  const written = (write: HistoryWrite, at: string) => {
    const [name = '', email = ''] = committer(write);
    return { committed_at: at, committer_name: name, committer_email: email };
  };
  const plannedBy = (
    at: string | null | undefined,
    name: string | null | undefined,
    email: string | null | undefined,
  ) => ({
    planned_at: time(at),
    planner_name: text(name, 255),
    planner_email: text(email, 255),
  });
  const id = ({ step }: HistoryWrite) => dialect.quoteLiteral(step.historyKey);
  /** Later than everything in it: by that order sqitch knows what was deployed last. */
  const afterAll = `(SELECT ${laterThan(engine)} FROM (${[changes, tags, events].map((table) => `SELECT committed_at AS at FROM ${quote(table)}`).join(' UNION ALL ')}) AS every_row)`;
  const ofChange = (write: HistoryWrite) =>
    `(SELECT c.committed_at FROM ${quote(changes)} AS c WHERE c.change_id = ${id(write)})`;

  const project = (write: HistoryWrite, { recorded }: Facts) => {
    const [name = '', email = ''] = committer(write);
    const key = text(recorded['project']);
    return insert(
      projects,
      { project: key, uri: text(recorded['uri']), created_at: now[engine], creator_name: name, creator_email: email },
      ` FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${quote(projects)} WHERE project = ${key})`,
    );
  };
  const lists = ({ tags: tagged, dependencies: needed }: Facts) => {
    const named = (kind: string) => needed.filter((one) => one.kind === kind).map((one) => one.text);
    return {
      requires: list(named('require'), ','),
      conflicts: list(named('conflict'), ','),
      tags: list(
        tagged.map(({ name }) => name),
        ' ',
      ),
    };
  };
  const about = ({ recorded }: Facts) => ({
    change: text(recorded['change'], 255),
    project: text(recorded['project']),
    note: text(recorded['note']),
  });
  const planOf = ({ recorded }: Facts) =>
    plannedBy(recorded['planned_at'], recorded['planner_name'], recorded['planner_email']);

  return {
    deployed(write: HistoryWrite): string[] {
      const facts = factsOf(write.step.migration);
      if (facts === null) return [];
      const key = id(write);
      return [
        project(write, facts),
        insert(changes, {
          change_id: key,
          script_hash: text(write.step.checksum),
          ...about(facts),
          ...written(write, afterAll),
          ...planOf(facts),
        }),
        ...facts.dependencies.flatMap(({ kind, text: named, id: other }) =>
          (kind === 'require') === (other === null)
            ? []
            : [
                insert(dependencies, {
                  change_id: key,
                  type: text(kind),
                  dependency: text(named, 255),
                  dependency_id: text(kind === 'require' ? other : null),
                }),
              ],
        ),
        ...facts.tags.map((tag) =>
          insert(tags, {
            tag_id: text(tag.id),
            tag: text(tag.name, 255),
            project: text(facts.recorded['project']),
            change_id: key,
            note: text(tag.note, 255),
            ...written(write, ofChange(write)),
            ...plannedBy(tag.at, tag.planner, tag.email),
          }),
        ),
        insert(events, {
          event: text('deploy'),
          change_id: key,
          ...about(facts),
          ...lists(facts),
          ...written(write, ofChange(write)),
          ...planOf(facts),
        }),
      ];
    },
    reverted(write: HistoryWrite): string[] {
      const key = id(write);
      const facts = factsOf(write.step.migration) ?? { recorded: {}, tags: [], dependencies: [] };
      const as = (name: string) => `c.${dialect.quoteIdentifier(name)}`;
      const copied = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, as(name)]));
      return [
        insert(
          events,
          {
            event: text('revert'),
            ...copied('change_id', 'change', 'project', 'note'),
            ...lists(facts),
            ...written(write, afterAll),
            ...copied('planned_at', 'planner_name', 'planner_email'),
          },
          ` FROM ${quote(changes)} AS c WHERE c.change_id = ${key}`,
        ),
        ...[tags, dependencies, changes].map((table) => `DELETE FROM ${quote(table)} WHERE change_id = ${key}`),
      ];
    },
    /** Its own program tells of deploying only. */
    failed(write: HistoryWrite): string[] {
      const facts = factsOf(write.step.migration);
      if (facts === null || write.step.action === 'revert') return [];
      return [
        project(write, facts),
        insert(events, {
          event: text('fail'),
          change_id: id(write),
          ...about(facts),
          ...lists(facts),
          ...written(write, afterAll),
          ...planOf(facts),
        }),
      ];
    },
    failureRemoved: (write: HistoryWrite): string[] => [
      `DELETE FROM ${quote(events)} WHERE change_id = ${id(write)} AND event = 'fail'`,
    ],
    hashed: (write: HistoryWrite): string[] => [
      `UPDATE ${quote(changes)} SET script_hash = ${text(write.step.checksum)} WHERE change_id = ${id(write)}`,
    ],
  };
}

/** Expression over the times `at` of all rows. */
function laterThan(engine: EngineId): string {
  const current = now[engine];
  switch (engine) {
    case 'postgres':
      return `GREATEST(${current}, MAX(at) + interval '1 microsecond')`;
    case 'mysql':
      return `GREATEST(${current}, COALESCE(MAX(at) + INTERVAL 1 MICROSECOND, ${current}))`;
    case 'sqlite':
      return `MAX(${current}, COALESCE(strftime('%Y-%m-%d %H:%M:%f', MAX(at), '+0.001 seconds'), ${current}))`;
  }
}
