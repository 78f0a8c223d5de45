import { raise } from '../../shared/problem.ts';
import { type Compared, type Comparison, keyOf, versionOf } from '../engine/compare.ts';

/** By version or by what the history holds. @throws {ProblemError} `source.noSuchVersion` */
export const findRow = ({ rows }: Pick<Comparison, 'rows'>, version: string): Compared =>
  rows.find((row) => versionOf(row) === version || keyOf(row) === version) ??
  raise({
    code: 'source.noSuchVersion',
    message: `There is no migration “${version}” in this folder or history.`,
    hint: 'Look up the versions with the status command.',
  });
