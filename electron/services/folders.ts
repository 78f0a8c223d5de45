/** Reading migration folders: anew each time, or once for many environments that are read together. */
import { KeptPieces } from '../engine/scriptPieces.ts';
import { chooseTool } from '../tools/detect.ts';
import type { ReadOptions, ReadResult, Tool } from '../tools/tool.ts';

export interface Folders {
  /** @throws {ProblemError} as `chooseTool` */
  tool(folder: string, asked: string | null): Promise<Tool>;
  /** @throws {ProblemError} `source.unreadable` */
  read(tool: Tool, folder: string, options: ReadOptions): Promise<ReadResult>;
  /** What the scripts of all that was read are split into; absent: each source keeps its own. */
  readonly pieces?: KeptPieces;
}

export const readEachTime: Folders = {
  tool: chooseTool,
  read: (tool, folder, options) => tool.read(folder, options),
};

/** What one environment has read of a folder serves all others of it. Not for longer than they take: folders change. */
export function readOnce(): Folders {
  const tools = new Map<string, Promise<Tool>>();
  const results = new Map<string, Promise<ReadResult>>();
  return {
    pieces: new KeptPieces(),
    tool: (folder, asked) => once(tools, JSON.stringify([folder, asked]), () => chooseTool(folder, asked)),
    read(tool, folder, options) {
      const { database, user, ...common } = options;
      const key = JSON.stringify([tool.id, folder, common, ...(tool.readsIdentity === true ? [database, user] : [])]);
      return once(results, key, () => tool.read(folder, options));
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const now = read();
  known.set(key, now);
  return now;
}
