import { implement } from '@orpc/server';
import { restContract } from '../../../shared/contract/rest/index.ts';
import type { Caller } from './caller.ts';
import { problemsAsStatuses } from './problems.ts';

export interface RestContext {
  readonly caller: Caller;
}

/** Answers are typed by the contract; checking them again would cost time and drop fields that it does not name. */
export const os = implement(restContract)
  .$context<RestContext>()
  .$config({ initialOutputValidationIndex: Number.NaN })
  .use(problemsAsStatuses);

/** Leaves as a file, under its name. */
export const fileOf = ({
  name,
  type,
  base64,
}: {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}): File => new File([Buffer.from(base64, 'base64')], name, { type });

/** @returns the document itself, as the file holds it */
export const documentOf = <T>({ base64 }: { readonly base64: string }): T =>
  JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as T;
