import type { DoStmt } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { all, as } from './tree.ts';

const dynamic = /\b(?:EXECUTE|dblink\w*|COPY|PROGRAM)\b/i;

/** What a block does is decided while it runs: no other rule looks into it. */
export const anonymousCode: HazardRule<Parsed> = {
  code: 'anonymousCode',
  category: 'externalEffect',
  look({ node }) {
    const block = as(node, 'DoStmt');
    if (block === undefined) return null;
    const builds = dynamic.test(bodyOf(block));
    return {
      severity: builds ? 'warning' : 'notice',
      message: builds
        ? 'A DO block that puts statements together while it runs: what it locks and changes is known only then.'
        : 'A DO block: what it locks and changes depends on what it finds; its statements were not judged.',
      remedy: 'Write the statements themselves, or rehearse it.',
    };
  },
};

const bodyOf = ({ args }: DoStmt): string =>
  all(args, 'DefElem')
    .map(({ arg }) => as(arg, 'String')?.sval ?? '')
    .join(' ');
