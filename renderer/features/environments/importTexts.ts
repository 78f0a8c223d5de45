/** What the import of connections says. */
import type { ImportCandidate, ImportSource } from '../../../shared/model/transfer.ts';
import { formatCount } from '../../format.ts';

export const importTexts = {
  title: 'Import connections',
  help: 'Environments are made from what other programs keep. Their files are only read; nothing connects yet.',
  here: (hostName: string) => `Found on ${hostName}`,
  choose: 'Choose files…',
  chooseHelp:
    'Or drop them here: .env and Compose files, DBeaver’s data-sources.json, pgAdmin’s export, .pgpass, pg_service.conf, my.cnf, an export of Lockkeeper.',
  files: 'Files to import',
  tooLarge: (name: string) => `${name} is larger than such files are, and was left out.`,
  look: 'Look',
  found: 'Found',
  nothing: 'Nothing was found that names one database.',
  all: 'All',
  take: (name: string) => `Import ${name}`,
  there: (name: string) => `There already: ${name}`,
  tier: 'Tier',
  tierByPlace: 'As the files say, else by where it is',
  keep: 'Keep the passwords that were found in the keychain',
  keepHelp: 'Otherwise each is asked for when it is first needed.',
  passedOver: (count: string) => `${count} passed over`,
  add: (count: string) => `Add ${count}`,
  close: 'Close',
  added: (count: string) => `${count} added`,
  connectionCount: (count: number) => formatCount(count, 'connection'),
  environmentCount: (count: number) => formatCount(count, 'environment'),
  remove: (name: string) => `Leave out ${name}`,
} as const;

export const programWords: Readonly<Record<ImportSource['program'], string>> = {
  pgpass: 'PostgreSQL’s password file',
  pgService: 'PostgreSQL’s connection services',
  myCnf: 'MySQL’s option file',
  dbeaver: 'DBeaver',
};

export const passwordWords: Readonly<Record<ImportCandidate['password'], string>> = {
  none: 'Password as the database’s own client finds it',
  found: 'Password found',
  asked: 'Password to be entered',
};
