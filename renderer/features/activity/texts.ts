/** Words of the sessions on an environment's server. */
export const activityTexts = {
  readNow: 'Read now',
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
  waits: (waitingFor: string | number) => `Waits: ${waitingFor}`,
  reason: 'Reason',
  recordedInTheHistoryWith: 'Recorded in the history with your name.',
  leaveIt: 'Leave it',
} as const;
