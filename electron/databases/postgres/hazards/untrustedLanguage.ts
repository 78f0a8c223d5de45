import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { all, as } from './tree.ts';

/** Code that the server runs as itself, without any limits. */
export const untrustedLanguage: HazardRule<Parsed> = {
  code: 'untrustedLanguage',
  category: 'externalEffect',
  look({ node }) {
    const language = all(as(node, 'CreateFunctionStmt')?.options, 'DefElem').find(
      ({ defname }) => defname === 'language',
    )?.arg;
    const name = as(language, 'String')?.sval?.toLowerCase() ?? '';
    if (!/^(?:c|internal|\w+u)$/.test(name)) return null;
    return {
      severity: 'danger',
      message: `The function is of the language ${name}: it runs as the user that the server runs as, with all files and programs at hand; if it crashes every session ends.`,
      remedy: 'Write it in SQL or PL/pgSQL, or let it come with an extension that the server’s owner installs.',
    };
  },
};
