/** Who may call the server: a one-time token, shown to the person who started it, buys one session. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Sessions {
  /**
   * A new one-time token of 256 random bits, base64url. Only the newest few are valid.
   * @param onlyFor number of the one user who may use it; null: whoever has it
   */
  issue(onlyFor: number | null): string;
  /**
   * The session that a one-time token buys; null when the token is unknown, was used, or is for somebody else.
   * @param user who asks; null when that is not known
   */
  exchange(token: string, user: number | null): string | null;
  /** Whether an `authorization` header names a session. */
  knows(authorization: string | undefined): boolean;
}

interface Issued {
  readonly token: Buffer;
  readonly onlyFor: number | null;
}

const mayUse = ({ onlyFor }: Issued, user: number | null): boolean =>
  onlyFor === null || user === null || user === onlyFor;

/** Addresses that were printed or opened, but not used yet. */
const mostOutstanding = 8;

export function createSessions(): Sessions {
  let issued: readonly Issued[] = [];
  const sessions: Buffer[] = [];
  return {
    issue(onlyFor) {
      const token = newToken();
      issued = [{ token: digest(token), onlyFor }, ...issued].slice(0, mostOutstanding);
      return token;
    },
    exchange(token, user) {
      const given = digest(token);
      const used = issued.find((one) => timingSafeEqual(one.token, given));
      if (used === undefined || !mayUse(used, user)) return null;
      issued = issued.filter((one) => one !== used);
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
