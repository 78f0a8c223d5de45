/** Words of what a run asks before it starts. */
export const gateTexts = {
  backUpFirst: 'Back up first',
  thisEnvironmentDoesNotAsk: 'This environment does not ask for one.',
  thisEnvironmentAsksForOne: 'This environment asks for one; without it the reason above stands for it.',
  windowCloses: (time: string) => `The change window closes at ${time}: it must have begun by then.`,
  approvedBy: (who: string, at: string, until: string) => `Approved by ${who} at ${at}; holds until ${until}.`,
  beforeItStarts: 'Before it starts',
  iAccept: 'I accept:',
  reason: 'Reason',
  reasonOptional: 'Reason (optional)',
  recordedInTheHistoryWith: 'Recorded in the history with your name.',
  typeToConfirm: 'Type {name} to confirm',
  thisIsAnotherName: 'This is another name',
  stages: 'Stages',
  start: 'Start',
  cancel: 'Cancel',
  stillNeeded: (value: string | number) => `Still needed: ${value}`,
} as const;
