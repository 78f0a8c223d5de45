/** All that a server needs to offer the REST API; made from a backend's context. */

import type { Context } from '../../services/context.ts';
import { type Metrics, readMetrics } from '../../services/readMetrics.ts';
import { recogniseToken } from '../../services/tokens.ts';
import { type Caller, callerOf, maySee } from './caller.ts';
import { describeRest } from './document.ts';
import { type RestRouter, restRouter } from './router.ts';

export interface Rest {
  readonly router: RestRouter;
  /** Whom a token stands for; null: nobody. */
  recognise(secret: string): Caller | null;
  /** The OpenAPI document as JSON. */
  document(): Promise<string>;
  /** Of the environments that the caller may see; null: of all. */
  metrics(caller: Caller | null): Metrics;
}

export function createRest(context: Context): Rest {
  const callers = new Map<string, Caller>();
  let document: Promise<string> | null = null;
  return {
    router: restRouter,
    recognise(secret) {
      const token = recogniseToken(context, secret);
      if (token === null) return null;
      const caller = callers.get(token.id) ?? callerOf(context, token);
      callers.set(token.id, caller);
      return caller;
    },
    document: () => {
      document ??= describeRest(context.host.version).then((made) => JSON.stringify(made, withoutReadOnly));
      return document;
    },
    metrics: (caller) => readMetrics(context, (id) => caller === null || maySee(caller.token, id)),
  };
}

/** Lists are read-only values here; OpenAPI means by it fields that a client may not send, and clients would get two types. */
const withoutReadOnly = (name: string, value: unknown): unknown =>
  name === 'readOnly' && value === true ? undefined : value;
