/** Who may call the server: a one-time token, shown to the person who started it, buys one session. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Sessions {
  /** A new one-time token; the one issued before is void. 256 random bits, base64url. */
  issue(): string;
  /** The session that a one-time token buys; null when the token is unknown or was used. */
  exchange(token: string): string | null;
  /** Whether an `authorization` header names a session. */
  knows(authorization: string | undefined): boolean;
}

export function createSessions(): Sessions {
  let oneTime: Buffer | null = null;
  const sessions: Buffer[] = [];
  return {
    issue() {
      const token = newToken();
      oneTime = digest(token);
      return token;
    },
    exchange(token) {
      if (oneTime === null || !timingSafeEqual(digest(token), oneTime)) return null;
      oneTime = null;
      const session = newToken();
      sessions.push(digest(session));
      return session;
    },
    knows(authorization) {
      const token = /^Bearer ([\w-]+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) return false;
      const given = digest(token);
      return sessions.some((session) => timingSafeEqual(session, given));
    },
  };
}

const newToken = (): string => randomBytes(32).toString('base64url');

/** Compared instead of the token: equal in length, and of no use to who reads this process's memory dump. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();
