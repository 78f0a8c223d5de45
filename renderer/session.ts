/** The browser's right to speak to the server: a one-time token turned into a session of this tab. */

const storageKey = 'lockkeeper.session';

/** This tab's session; null when there is none and the address carried no valid token. */
export async function sessionToken(): Promise<string | null> {
  const oneTime = takeTokenFromAddress();
  if (oneTime === null) return window.sessionStorage.getItem(storageKey);
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: oneTime }),
  });
  if (!response.ok) return window.sessionStorage.getItem(storageKey);
  const body: unknown = await response.json();
  const session = typeof body === 'object' && body !== null && 'session' in body ? body.session : null;
  if (typeof session !== 'string') return null;
  window.sessionStorage.setItem(storageKey, session);
  return session;
}

export const forgetSession = (): void => window.sessionStorage.removeItem(storageKey);

/** Removes the token from the address at once, so that history and screen never show it. */
function takeTokenFromAddress(): string | null {
  const match = /^#token=([^&]+)(?:&(.*))?$/.exec(window.location.hash);
  if (match === null) return null;
  const rest = match[2] === undefined ? '#/environments' : `#${match[2]}`;
  window.history.replaceState(null, '', window.location.pathname + rest);
  return decodeURIComponent(match[1] ?? '');
}
