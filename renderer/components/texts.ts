/** Words of what every screen shares. */
export const componentTexts = {
  actions: 'Actions',
  drawItAgain: 'Draw it again',
  findInTheScript: 'Find in the script',
  find: 'Find',
  next: 'Next',
  goToLine: 'Go to line',
  openInEditor: 'Open in editor',
  stateNow: 'State now',
  place: 'Place',
  rawMessage: 'Raw message',
  copyDetails: 'Copy details',
  copy: (what: string | number) => `Copy ${what}`,
} as const;
