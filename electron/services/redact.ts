/** Takes secrets out of text that came from a server or a program. */
export function redact(text: string, secret: string | null): string {
  const known =
    secret === null || secret.length < 3
      ? text
      : text.replaceAll(secret, '•••').replaceAll(encodeURIComponent(secret), '•••');
  return known.replace(inUrl, '$1•••@').replace(inPair, '$1•••');
}

const inUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi;
const inPair = /(\b(?:password|passwd|pwd)\s*[=:]\s*)(?:'[^']*'|"[^"]*"|[^\s,;&]+)/gi;
