/** Words of what is found out about an interrupted run, and of going on with it. */
export const reconcileTexts = {
  whatHappened: 'What happened',
  whatHappenedFromEvidence: 'What happened, from evidence',
  waitForIt: 'Wait for it',
  cancelItsStatement: 'Cancel its statement',
  lookAtTheDatabaseThen: 'Look at the database, then say what you found. Your word is recorded with its reason.',
  howYouKnow: 'How you know',
  itTookEffect: 'It took effect',
  itDidNot: 'It did not',
  writeThisDown: 'Write this down',
  place: 'Place',
  runs: 'Runs',
  showTheRun: 'Show the run',
  findingOutWhatTheRun: 'Finding out what the run did…',
  steps: 'Steps',
  foundSoFar: 'Found so far',
  lookAgain: 'Look again',
  done: 'Done',
  notDone: 'Not done',
  stillRunningOnTheServer: 'Still running on the server',
  ofStatementsDone: (statement: string | number, statements: string | number, rows: string | number) =>
    `${statement} of ${statements} statements done${rows}`,
} as const;
