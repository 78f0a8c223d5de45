/** Words of the page where programs are read and trusted. */
export const trustTexts = {
  sourceCode: 'Source code',
  trustThisExactContent: 'Trust this exact content',
  noMigrationOfTheFolder: 'No migration of the folder has this file any more.',
  theFileIsNotThe: 'The file is not the one of this digest any more.',
  itsTextCannotBeShown: 'Its text cannot be shown.',
  sourceCodeOf: (path: string | number) => `Source code of ${path}`,
  everythingItCanLoad: 'Everything it can load',
  what: 'What',
  sha256: 'SHA-256',
  copyTheDigestOf: (name: string | number) => `Copy the digest of ${name}`,
  programs: 'Programs',
  whatTrustingMeans: 'What trusting means',
  theseMigrationsAreProgramsNot:
    'These migrations are programs, not SQL. Nothing of them has been run: what they would send is known only by running them, so the SQL is shown after you trust them.',
  youTrustExactlyThisContent:
    'You trust exactly this content, by its digest. A change of one byte, in an import too, asks again.',
  itThenRunsInA: 'It then runs in a process of its own, with no credentials: only the database session lent to it.',
  whatItYieldsIsShown:
    'What it yields is shown as SQL, and still needs a plan, the gate and your go-ahead to reach the database.',
  trustIsNeeded: 'Trust is needed',
  readAndTrust: 'Read and trust…',
  place: 'Place',
  environments: 'Environments',
  programsToTrust: 'Programs to trust',
  enterPassword: 'Enter password',
  readAgain: 'Read again',
  everyProgramOfThisFolder:
    'Every program of this folder is trusted exactly as it is now, or there is none. A change of any file in it, imports included, asks again.',
  nothingIsWaitingForTrust: 'Nothing is waiting for trust',
  readTheFolderAgain: 'Read the folder again',
  theFolderHasChangedSince: 'The folder has changed since this was shown',
  nothingWasTrustedReadWhat: 'Nothing was trusted. Read what it holds now before you trust it.',
  showItAsItIs: 'Show it as it is now',
} as const;
