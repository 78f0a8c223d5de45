/** Tells a run to a web address: signed, once, following nobody, and reading little of the answer. */
import { createHmac } from 'node:crypto';
import type { Hook, HookSummary } from '../../../shared/model/hook.ts';
import type { CredentialStore } from '../../credentials/credentialStore.ts';
import { available } from '../keeping.ts';
import { rememberSecret } from '../redact.ts';
import { keptOutput } from './commandHook.ts';
import { summaryText } from './hookSummary.ts';

export const secretAccount = (name: string): string => `hook ${name}`;

/** Resolves with the beginning of the answer. @throws {Error} when it was not taken */
export async function postWebhook(
  keychain: CredentialStore,
  hook: Extract<Hook, { kind: 'webhook' }>,
  summary: HookSummary,
  signal: AbortSignal,
): Promise<string> {
  const body = summaryText(summary);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Lockkeeper',
    ...(hook.signed ? await signature(keychain, hook.name, body) : {}),
  };
  const limit = AbortSignal.timeout(hook.timeoutSeconds * 1000);
  try {
    const response = await fetch(hook.url, {
      method: 'POST',
      headers,
      body,
      // Whoever answers may not send it on to somebody else.
      redirect: 'manual',
      signal: AbortSignal.any([limit, signal]),
    });
    const answer = await beginningOf(response);
    if (response.status < 200 || response.status > 299)
      throw new Error(`It was answered with ${response.status}.${answer === '' ? '' : ` It said: ${answer}`}`);
    return answer;
  } catch (thrown) {
    if (limit.aborted) throw new Error(`There was no answer within ${hook.timeoutSeconds} seconds.`, { cause: thrown });
    throw thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  }
}

/** `sha256=` and HMAC-SHA256 in hexadecimal over the timestamp, a full stop and the body. */
async function signature(keychain: CredentialStore, name: string, body: string): Promise<Record<string, string>> {
  const secret = available(await keychain.get(secretAccount(name)));
  if (secret === null) throw new Error('The keychain has no secret for it.');
  rememberSecret(secret);
  const at = String(Math.floor(Date.now() / 1000));
  const signed = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { 'x-lockkeeper-timestamp': at, 'x-lockkeeper-signature': `sha256=${signed}` };
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= keptOutput) break;
  }
  return text.slice(0, keptOutput);
}
