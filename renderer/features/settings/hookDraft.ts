/** A hook as it is being written, and what it comes to. Pure. */
import type { Hook, HookMoment } from '../../../shared/model/hook.ts';

export interface HookDraft {
  readonly name: string;
  readonly moment: HookMoment;
  readonly kind: Hook['kind'];
  /** One a line. */
  readonly words: string;
  readonly url: string;
  readonly secret: string;
  readonly timeout: string | number;
}

export const noHook: HookDraft = {
  name: '',
  moment: 'before',
  kind: 'command',
  words: '',
  url: '',
  secret: '',
  timeout: 60,
};

/** Null: something is missing yet. */
export function hookOf(draft: HookDraft, actions: Hook['actions']): Hook | null {
  const { moment, kind } = draft;
  const name = draft.name.trim();
  const command = draft.words.split('\n').filter((line) => line.trim() !== '');
  const url = draft.url.trim();
  if (name === '' || draft.timeout === '') return null;
  const about = { name, moment, actions, timeoutSeconds: Number(draft.timeout) };
  if (kind === 'command') return command.length === 0 ? null : { ...about, kind, command };
  return url === '' ? null : { ...about, kind, url, signed: draft.secret !== '' };
}
