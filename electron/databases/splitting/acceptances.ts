// `-- lockkeeper:accept CODE reason` in a comment before a statement: its author knows of that hazard. Without a reason
// it says nothing.
import type { Acceptance } from '../../../shared/model/statement.ts';

const form = /lockkeeper:[ \t]*accept[ \t]+([A-Za-z]\w*)[ \t]+(\S[^\r\n]*)/g;

export function acceptancesIn(comment: string): Acceptance[] {
  if (!comment.includes('lockkeeper:')) return [];
  return [...comment.matchAll(form)].map(([, code = '', reason = '']) => ({
    code,
    reason: reason.replace(/\*\/\s*$/, '').trim(),
  }));
}
