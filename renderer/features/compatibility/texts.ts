/** Words of the versions of an application. */
export const compatibilityTexts = {
  reading: 'Comparing the versions of the application with the database…',
  versionOfTheApplication: 'Version of the application',
  check: 'Check',
  anotherVersion: 'For example 2024.3 or 5.1.0.12',
  matrix: 'Application and database',
  application: 'Application',
  needs: 'Needs database',
  here: 'This database',
  now: 'now',
  whatCame: 'What came with each version',
  nothingYet: 'No version yet',
  nothingTells:
    'The folder tells of no version of the application, and nothing was applied that one could be derived from.',
  derived:
    'Derived from the history, as the folder does not say which version of the application needs which database: what was applied within an hour counts as one release, named by its database. A lockkeeper.json with “applications” says it for certain.',
  planThem: (count: number) => `Plan ${count} to apply`,
  newerUntil: (until: string) => `until ${until}`,
} as const;
