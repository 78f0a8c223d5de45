import type { Execution } from '../engine/execute.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import type { OpenSource } from './readSource.ts';
import { redact } from './redact.ts';
import type { TargetDatabase } from './target.ts';

/** What follows from the database and the source, whether a run is for real or on a copy. */
export const executionParts = (
  { clock, host }: Context,
  { driver }: TargetDatabase,
  { pieces, programs, history }: OpenSource,
  session: Session,
) =>
  ({
    actor: host.user,
    session,
    capabilities: session.capabilities,
    dialect: driver.dialect,
    control: driver.control,
    sql: driver.sql,
    pieces,
    programs,
    history,
    clock,
    redact: (text) => redact(text, null),
  }) satisfies Partial<Execution>;
