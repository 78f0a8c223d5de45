/** A hook as it is being written, and what it comes to. Pure. */
import { type Hook, type HookMoment, leastHookSecret, usualHookActions } from '../../../shared/model/hook.ts';
import type { RunAction } from '../../../shared/model/run.ts';

export interface HookDraft {
  readonly name: string;
  readonly moment: HookMoment;
  readonly actions: readonly RunAction[];
  readonly kind: Hook['kind'];
  readonly program: string;
  /** One a line. */
  readonly words: string;
  readonly folder: string;
  readonly url: string;
  readonly signed: boolean;
  /** Empty: none, or the one that is kept. */
  readonly secret: string;
  readonly timeout: string | number;
}

const noHook: HookDraft = {
  name: '',
  moment: 'before',
  actions: usualHookActions,
  kind: 'command',
  program: '',
  words: '',
  folder: '',
  url: '',
  signed: false,
  secret: '',
  timeout: 60,
};

/** Null: of a new one. */
export function draftOf(hook: Hook | null): HookDraft {
  if (hook === null) return noHook;
  const { name, moment, actions, timeoutSeconds: timeout } = hook;
  const about = { ...noHook, name, moment, actions, timeout };
  if (hook.kind === 'webhook') return { ...about, kind: 'webhook', url: hook.url, signed: hook.signed };
  const [program = '', ...words] = hook.command;
  return { ...about, program, words: words.join('\n'), folder: hook.folder ?? '' };
}

/** The keychain has a secret for it: it goes by the hook's name. */
export const hasSecret = (draft: HookDraft, before: Hook | null): boolean =>
  before?.kind === 'webhook' && before.signed && before.name === draft.name.trim();

/** Null: something is missing yet. @param before as it was; null: it is new */
export function hookOf(draft: HookDraft, before: Hook | null): Hook | null {
  const { moment, actions, timeout } = draft;
  const name = draft.name.trim();
  const what = draft.kind === 'command' ? commandOf(draft, before) : webhookOf(draft, before);
  if (name === '' || actions.length === 0 || timeout === '' || what === null) return null;
  return { name, moment, actions, timeoutSeconds: Number(timeout), ...what };
}

function commandOf(draft: HookDraft, before: Hook | null) {
  const [program, folder] = [draft.program.trim(), draft.folder.trim()] as const;
  if (program === '') return null;
  const command = [program, ...wordsOf(draft, before)];
  return { kind: 'command' as const, command, ...(folder === '' ? {} : { folder }) };
}

function webhookOf(draft: HookDraft, before: Hook | null) {
  const { signed, secret } = draft;
  const url = draft.url.trim();
  const lacksSecret = signed && (secret === '' ? !hasSecret(draft, before) : secret.length < leastHookSecret);
  return url === '' || lacksSecret ? null : { kind: 'webhook' as const, url, signed };
}

/** What nobody changed stays as it is: a word may hold the end of a line. */
function wordsOf({ words }: HookDraft, before: Hook | null): readonly string[] {
  if (before?.kind === 'command' && words === before.command.slice(1).join('\n')) return before.command.slice(1);
  return words.split('\n').filter((line) => line.trim() !== '');
}
