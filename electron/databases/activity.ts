/** Who works on a database, who waits for whom, how far a statement is, and ending a session. */
import type { ActivitySession, ServerProgress, SessionEnding } from '../../shared/model/activity.ts';
import type { Session } from '../engine/ports.ts';

export interface DatabaseActivity {
  /** Sessions on this session's database and those that block one on it; the asking one is left out. A question. */
  list(session: Session): Promise<ActivitySession[]>;
  /** How far the statement of session `pid` is; null where the server does not tell. A question. */
  progress(session: Session, pid: number): Promise<ServerProgress | null>;
  /**
   * Ends the statement or the session `pid`. `gone`: there is no such session. `refused`: this engine has no server to ask.
   * @throws {ServerFault} kind `rights`
   */
  end(session: Session, pid: number, how: SessionEnding): Promise<'asked' | 'gone' | 'refused'>;
}
