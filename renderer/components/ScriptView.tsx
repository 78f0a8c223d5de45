/** A script of a migration: whole where it is short, else by its lines as they are looked at. */
import { useMemo } from 'react';
import type { EngineId } from '../../shared/model/environment.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import { type FailureMark, shownCharacters } from '../../shared/model/scriptLines.ts';
import { backend } from '../connection.ts';
import LargeSqlView from './LargeSqlView.tsx';
import type { LineSource } from './linePages.ts';
import SqlView from './SqlView.tsx';

interface ScriptViewProps {
  readonly environmentId: string;
  readonly version: string;
  /** Null: code, or what is shown is not what the file holds. */
  readonly part: 'up' | 'down' | 'verify' | null;
  /** What was told of it: at most `shownCharacters`. */
  readonly text: string;
  readonly engine: EngineId | null;
  readonly hazards: readonly Hazard[];
  readonly firstLine: number;
  readonly label: string;
  readonly failure: FailureMark | null;
  readonly at?: { readonly line: number } | null;
}

export default function ScriptView({ environmentId, version, part, text, at = null, ...shown }: ScriptViewProps) {
  const source = useMemo(
    () => (part === null || text.length < shownCharacters ? null : linesOf(environmentId, version, part)),
    [environmentId, version, part, text],
  );
  if (source === null) return <SqlView sql={text} at={at} {...shown} />;
  const { firstLine: _firstLine, ...large } = shown;
  return <LargeSqlView source={source} at={at} {...large} />;
}

const linesOf = (environmentId: string, version: string, part: 'up' | 'down' | 'verify'): LineSource => ({
  read: (from, count) => backend().migrations.lines({ environmentId, version, part, from, count }),
  async find(words, from) {
    return (await backend().migrations.find({ environmentId, version, part, from, words })).line;
  },
});
