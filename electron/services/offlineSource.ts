/** Which folder a request means, where no database is asked. */
import type { EngineId, SourceReference } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { parseConnection } from './parseConnection.ts';
import { findEnvironment, overrideSource, type SourceOverrides, type TargetRequest } from './target.ts';

export interface OfflineSource extends SourceReference {
  /** Null: nobody said. */
  readonly engine: EngineId | null;
}

export type OfflineRequest =
  | Pick<TargetRequest & { kind: 'environment' }, 'kind' | 'nameOrId' | 'overrides'>
  | FolderRequest;

interface FolderRequest {
  readonly kind: 'folder';
  /** Of the database it is meant for, if that is known. */
  readonly url: string | null;
  readonly overrides: SourceOverrides;
}

/** @throws {ProblemError} `environment.notFound`, `environment.invalidUrl`, `source.unreadable` */
export function offlineSource(context: Context | null, request: OfflineRequest): OfflineSource {
  if (request.kind === 'folder') {
    const engine = request.url === null ? null : parseConnection(request.url).connection.engine;
    return { path: process.cwd(), ...request.overrides, engine };
  }
  if (context === null) throw new Error('An environment is found in a workspace');
  const environment = findEnvironment(context, request.nameOrId);
  const source =
    overrideSource(environment.source, request.overrides) ??
    raise({
      code: 'source.unreadable',
      message: `${environment.name} has no migration folder.`,
      hint: 'Choose one in the environment’s settings, or give --source.',
    });
  return { ...source, engine: environment.connection.engine };
}
