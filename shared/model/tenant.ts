/** One of many databases or schemas that are reached as one environment is. Pure. */
import type { Environment } from './environment.ts';

export const tenantKinds = ['database', 'schema'] as const;
export type TenantKind = (typeof tenantKinds)[number];

export interface Tenant {
  /** Id of the environment whose server, login, folder and protection it has. */
  readonly of: string;
  readonly kind: TenantKind;
  readonly name: string;
}

/** Between the environment and the tenant, in names and in ids alike. */
const marks: Readonly<Record<TenantKind, string>> = { database: '/', schema: '#' };

/**
 * The environment that a tenant is. Its id and name are those of the environment with the tenant's behind them, so that they
 * can be told from the text alone.
 */
export function tenantOf(environment: Environment, kind: TenantKind, name: string): Environment {
  const { id, connection, source } = environment;
  const end = `${marks[kind]}${name}`;
  return {
    ...environment,
    id: `${id}${end}`,
    name: `${environment.name}${end}`,
    connection: connection.engine === 'sqlite' || kind === 'schema' ? connection : { ...connection, database: name },
    source: source === null || kind === 'database' ? source : { ...source, ...ownHistory(source.historyTable) },
    tenant: { of: id, kind, name },
  };
}

/** Each schema has a history of its own: one that is named with its schema would be everybody's. */
const ownHistory = (table: string | undefined): { readonly historyTable?: string } =>
  table === undefined ? {} : { historyTable: table.slice(table.indexOf('.') + 1) };

/** Ids of environments hold none of the marks. */
export const isTenantId = (id: string): boolean => Object.values(marks).some((mark) => id.includes(mark));

export interface TenantText {
  /** Name or id. */
  readonly environment: string;
  readonly kind: TenantKind;
  readonly name: string;
}

/** Every way in which a text can name a tenant: names of environments and databases may hold the marks, too. */
export function* tenantsIn(text: string): Generator<TenantText> {
  for (const [at, letter] of [...text].entries()) {
    const kind = tenantKinds.find((one) => marks[one] === letter);
    const [environment, name] = [[...text].slice(0, at).join(''), [...text].slice(at + 1).join('')];
    if (kind !== undefined && environment !== '' && name !== '') yield { environment, kind, name };
  }
}
