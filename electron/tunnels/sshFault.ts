/** Why ssh ended, by what it says (OpenSSH's own words, which are not translated). */
import { type FaultKind, ServerFault } from '../engine/ports.ts';

const reasons: readonly (readonly [pattern: RegExp, kind: FaultKind, message: string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending .*key|host key .*has changed/i,
    'hostKeyChanged',
    'The SSH server shows another key than the one that is known.',
  ],
  [
    /No .*host key is known|Host key verification failed|authenticity of host/i,
    'hostKeyUnknown',
    'The key of the SSH server is not known here.',
  ],
  [
    /administratively prohibited|forwarding (?:is )?disabled|open failed: unknown/i,
    'tunnel',
    'The SSH server does not let this account forward connections.',
  ],
  [
    /open failed: connect failed|stdio forwarding failed/i,
    'unreachable',
    'The SSH server could not reach the database server.',
  ],
  [
    /Permission denied|Too many authentication failures|No more authentication methods/i,
    'tunnel',
    'The SSH server refused the login: no key of the agent or of the key file was accepted.',
  ],
  [
    /UNPROTECTED PRIVATE KEY|bad permissions|invalid format|error in libcrypto|no such identity/i,
    'tunnel',
    'The SSH key file could not be used.',
  ],
  [/Could not resolve hostname/i, 'unreachable', 'The name of the SSH server has no address.'],
  [
    /Connection refused|timed out|No route to host|Network is unreachable|Connection (?:closed|reset)/i,
    'unreachable',
    'The SSH server could not be reached.',
  ],
];

/** The fault of a tunnel that did not open. `words`: all that ssh said; untrusted. */
export function sshFault(words: string): ServerFault {
  const said = words.trim();
  const [, kind, message] = reasons.find(([pattern]) => pattern.test(said)) ?? [
    null,
    'tunnel' as const,
    'The SSH tunnel could not be opened.',
  ];
  return new ServerFault(kind, message, { detail: said === '' ? null : said.slice(-2000) });
}

/** The fault of a program that could not even start. */
export const withoutSsh = (cause: NodeJS.ErrnoException): ServerFault =>
  new ServerFault('tunnel', 'The program ssh could not be started: install OpenSSH’s client, or put it on the path.', {
    code: cause.code ?? null,
    cause,
  });
