/** `/api/openapi.json`: made from the same contract that answers the requests. */
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { restContract } from '../../../shared/contract/rest/index.ts';
import { components } from '../../../shared/contract/rest/schemas.ts';
import { type ProblemStatus, problemStatuses } from '../../../shared/contract/rest/statuses.ts';

const meanings: Readonly<Record<ProblemStatus, string>> = {
  400: 'The request cannot be read, or a field of it is wrong or unknown.',
  401: 'No token, or one that is not valid.',
  403: 'Refused: by the token’s role, or by what the environment’s protection asks.',
  404: 'It does not exist, or the token may not see it.',
  409: 'The database is not in the state for it.',
  412: 'The plan is not the one that was shown.',
  413: 'The body is too large.',
  422: 'The migration folder or the settings cannot be used for it; or the idempotency key stands for another request.',
  423: 'Another run holds the lock.',
  429: 'Too many requests; `Retry-After` tells the seconds to wait.',
  500: 'Lockkeeper itself failed.',
  502: 'The database or its server refused or failed.',
  503: 'The database cannot be reached now.',
};

/** @param version of Lockkeeper */
export async function describeRest(version: string): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(restContract, {
    info: {
      title: 'Lockkeeper',
      version,
      description:
        'Carries databases from one schema version to the next. Every refusal and failure is `{"problem": {code, message, state, hint, …}}`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    commonSchemas: Object.fromEntries(
      Object.entries(components).map(([name, schema]) => [name, { schema, strategy: 'output' as const }]),
    ),
  });
  return {
    ...document,
    paths: { ...pathsOf(document), ...plainPaths },
    components: { ...document.components, ...common },
  };
}

const common = {
  securitySchemes: {
    token: { type: 'http', scheme: 'bearer', description: 'Made by: lockkeeper token create' },
  },
  parameters: {
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'Of the caller’s choice, for 24 hours: the same request with the same key is answered as the first time and does nothing again.',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    },
    LastEventId: {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'Of the last event that was seen: those after it follow.',
      schema: { type: 'string', pattern: '^[0-9a-f]+$' },
    },
  },
  responses: Object.fromEntries(
    problemStatuses.map((status) => [
      `Problem${status}`,
      {
        description: meanings[status],
        ...(status === 429
          ? { headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } } }
          : {}),
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['problem'],
              properties: { problem: { $ref: '#/components/schemas/Problem' } },
            },
          },
        },
      },
    ]),
  ),
} satisfies OpenAPI.ComponentsObject;

const text = (description: string, type: string) => ({
  200: { description, content: { [type]: { schema: { type: 'string' as const } } } },
});

/** What is no part of the contract. */
const plainPaths = {
  '/openapi.json': {
    get: { operationId: 'getDocument', summary: 'This document', responses: text('OpenAPI 3.1', 'application/json') },
  },
  '/healthz': {
    servers: [{ url: '/' }],
    get: {
      operationId: 'getHealth',
      summary: 'It answers; tells nothing else, and asks for no token',
      security: [],
      responses: text('ok', 'text/plain'),
    },
  },
  '/metrics': {
    servers: [{ url: '/' }],
    get: { operationId: 'getMetrics', summary: 'For Prometheus', responses: text('Metrics', 'text/plain') },
  },
};

const problems = Object.fromEntries(
  problemStatuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
);

/** With what every operation has in common. */
function pathsOf({ paths = {} }: OpenAPI.Document): object {
  const all: Record<string, object> = {};
  for (const [path, { get, post } = {}] of Object.entries(paths)) {
    all[path] = {
      ...(get === undefined ? {} : { get: operationOf(get, path.endsWith('/events') ? ['LastEventId'] : []) }),
      ...(post === undefined ? {} : { post: operationOf(post, ['IdempotencyKey']) }),
    };
  }
  return all;
}

const operationOf = (operation: OpenAPI.OperationObject, parameters: readonly string[]): object => ({
  ...operation,
  parameters: [
    ...(operation.parameters ?? []),
    ...parameters.map((name) => ({ $ref: `#/components/parameters/${name}` })),
  ],
  responses: { ...operation.responses, ...problems, default: { $ref: '#/components/responses/Problem500' } },
});
