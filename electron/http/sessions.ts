/** Who may call the server: a one-time token, shown to the person who started it, buys one session. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Sessions {
  /** A new one-time token of 256 random bits, base64url. Only the newest few are valid. */
  issue(): string;
  /** The session that a one-time token buys; null when the token is unknown or was used. */
  exchange(token: string): string | null;
  /** Whether an `authorization` header names a session. */
  knows(authorization: string | undefined): boolean;
}

/** Addresses that were printed or opened, but not used yet. */
const mostOutstanding = 8;

export function createSessions(): Sessions {
  let oneTime: Buffer[] = [];
  const sessions: Buffer[] = [];
  return {
    issue() {
      const token = newToken();
      oneTime = [digest(token), ...oneTime].slice(0, mostOutstanding);
      return token;
    },
    exchange(token) {
      const given = digest(token);
      const left = oneTime.filter((issued) => !timingSafeEqual(issued, given));
      if (left.length === oneTime.length) return null;
      oneTime = left;
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
