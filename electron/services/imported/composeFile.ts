/** The databases of a Docker Compose file that can be reached from this computer: those that publish their port. */
import { z } from 'zod';
import { connectionOf } from '../pasted/fields.ts';
import { definedFields } from './clientFiles.ts';
import { expanded } from './envFile.ts';
import { type FoundConnection, found, passedOver } from './found.ts';

/** References between parts of the file; more are an attempt to fill the memory. */
const mostAliases = 100;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const service = z.object({
  image: z.string().optional(),
  environment: z.union([z.record(z.string(), scalar), z.array(z.string())]).optional(),
  ports: z
    .array(
      z.union([
        z.string(),
        z.number(),
        z.object({ target: scalar, published: scalar.optional(), host_ip: z.string().optional() }),
      ]),
    )
    .optional(),
});
const file = z.object({ name: z.string().optional(), services: z.record(z.string(), z.unknown()) });

/** Null: it is no Compose file. */
export async function connectionsOfCompose(
  text: string,
  values: ReadonlyMap<string, string>,
): Promise<FoundConnection[] | null> {
  const parsed = file.safeParse(await parseYaml(text));
  if (!parsed.success) return null;
  const { name = '', services } = parsed.data;
  return Object.entries(services).flatMap(([key, value]) => {
    const one = service.safeParse(value);
    const engine = one.success ? engineOfImage(one.data.image ?? '') : null;
    return one.success && engine !== null ? [fromService(key, name, one.data, engine, values)] : [];
  });
}

/** Characters; reading more would hold everything else up. */
const mostYaml = 64 * 1024;

async function parseYaml(text: string): Promise<unknown> {
  if (text.length > mostYaml) return null;
  const { parse } = await import('yaml');
  try {
    return parse(text, { maxAliasCount: mostAliases, logLevel: 'silent' });
  } catch {
    return null;
  }
}

function engineOfImage(image: string): 'postgres' | 'mysql' | null {
  const name =
    image
      .replace(/@.*$/, '')
      .replace(/:[^/]*$/, '')
      .split('/')
      .at(-1) ?? '';
  if (/postg(?:res|is)|timescaledb|pgvector/i.test(name) && !/admin|exporter|bouncer/i.test(name)) return 'postgres';
  return /^(?:mysql|mariadb|percona)/i.test(name) && !/exporter|admin/i.test(name) ? 'mysql' : null;
}

function fromService(
  key: string,
  project: string,
  { environment = {}, ports = [] }: z.infer<typeof service>,
  engine: 'postgres' | 'mysql',
  values: ReadonlyMap<string, string>,
): FoundConnection {
  const said = variables(environment, values);
  const inside = engine === 'postgres' ? 5432 : 3306;
  const published = ports.map((port) => publishedPort(port, inside, values)).find((port) => port !== null);
  if (published === undefined || published === null) return passedOver(key, 'it publishes no port for this computer');
  const { user, password, database } = engine === 'postgres' ? postgresAccount(said) : mysqlAccount(said);
  const open = [user, database].find((value) => value?.includes('${'));
  if (open !== undefined) return passedOver(key, 'it is made of values that the file does not hold');
  if (database === undefined) return passedOver(key, 'it names no database');
  const known = password?.includes('${') === true ? undefined : password;
  const fields = definedFields({ ...published, user, password: known, database });
  return found(
    { name: project === '' ? key : `${project} ${key}`, what: key, group: project, tier: 'development' },
    () => connectionOf(fields, engine),
  );
}

function variables(
  environment: NonNullable<z.infer<typeof service>['environment']>,
  values: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const pairs = Array.isArray(environment)
    ? environment.map(
        (one) => [one.replace(/=.*$/s, ''), one.includes('=') ? one.slice(one.indexOf('=') + 1) : null] as const,
      )
    : Object.entries(environment);
  return new Map(
    pairs.map(([name, value]) => [
      name,
      value === null ? (values.get(name) ?? `\${${name}}`) : expanded(String(value), values),
    ]),
  );
}

interface Account {
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string | undefined;
}

/** What the images make of their variables (hub.docker.com/_/postgres, …/mysql, …/mariadb). */
function postgresAccount(said: ReadonlyMap<string, string>): Account {
  const get = (name: string) => said.get(`POSTGRES_${name}`) ?? said.get(`POSTGRESQL_${name}`);
  const user = get('USER') ?? get('USERNAME') ?? 'postgres';
  return { user, password: get('PASSWORD'), database: get('DB') ?? get('DATABASE') ?? user };
}

function mysqlAccount(said: ReadonlyMap<string, string>): Account {
  const get = (name: string) => said.get(`MARIADB_${name}`) ?? said.get(`MYSQL_${name}`);
  const user = get('USER');
  return {
    user: user ?? 'root',
    password: get(user === undefined ? 'ROOT_PASSWORD' : 'PASSWORD'),
    database: get('DATABASE'),
  };
}

type Port = NonNullable<z.infer<typeof service>['ports']>[number];

/** `5433:5432`, `127.0.0.1:5433:5432/tcp`, or the long form; null: it is not this one, or is chosen by chance. */
function publishedPort(
  given: Port,
  inside: number,
  values: ReadonlyMap<string, string>,
): { host: string; port: string } | null {
  if (typeof given === 'object') {
    const port = expanded(String(given.published ?? ''), values);
    return Number(given.target) === inside && /^\d+$/.test(port) ? { host: hostOf(given.host_ip), port } : null;
  }
  const [, address, port, target] =
    /^(?:(\[[^\]]*\]|[\d.]+|localhost):)?(\d+):(\d+)(?:\/tcp)?$/.exec(expanded(String(given), values)) ?? [];
  return port !== undefined && Number(target) === inside ? { host: hostOf(address), port } : null;
}

const hostOf = (address: string | undefined): string =>
  address === undefined || address === '' || address === '0.0.0.0' || address === '[::]'
    ? 'localhost'
    : address.replace(/^\[|\]$/g, '');
