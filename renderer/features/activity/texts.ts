/** Words of the sessions on an environment's server. */
export const activityTexts = {
  readNow: 'Read now',
  reading: 'Reading the sessions…',
  sessions: 'Sessions',
  noOtherSessionIsOpen: 'No other session is open on this database, as far as this account may see.',
  nobodyElseWorksHere: 'Nobody else works here',
  session: 'Session',
  user: 'User',
  waitsOrBlocks: 'Waits or blocks',
  for: 'For',
  statement: 'Statement',
  end: 'End',
  cancel: 'Cancel…',
  endSession: 'End session…',
  cancelStatementOf: (pid: number) => `Cancel the statement of ${pid}…`,
  endSessionOf: (pid: number) => `End session ${pid}…`,
  waits: (waitingFor: string | number) => `Waits: ${waitingFor}`,
  reason: 'Reason',
  recordedInTheHistoryWith: 'Recorded in the history with your name.',
  leaveIt: 'Leave it',
  readAgainEverySecondsStatements: (everyMs: string | number) =>
    `Read again every ${everyMs} seconds. Statements are shortened.`,
  on: ' on ',
  notTold: 'not told',
  blocks: (value: string | number, suffix: string | number) => `Blocks ${value}${suffix}`,
  cancelTheStatementOf: 'Cancel the statement of',
  itsRunningStatementStopsAnd:
    'Its running statement stops and is rolled back; the session stays, with whatever its transaction holds.',
  itsConnectionIsClosedBy:
    'Its connection is closed by the server, which rolls back what it has not committed. Its program sees an error.',
  theSessionHadEndedBy: 'The session had ended by itself',
  theServerWasAskedTo: 'The server was asked to end it',
  sessionOn: (verb: string | number, pid: string | number, name: string | number) =>
    `${verb} session ${pid} on ${name}`,
  none: 'none',
  inferred: ' (inferred)',
} as const;
