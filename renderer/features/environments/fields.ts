import type { Draft, DraftField } from './draft.ts';

/** What each part of the connection form gets. */
export interface FieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly missing: Partial<Record<DraftField, string>>;
}
