/** What the routes of the REST API are made of. */
import { oc } from '@orpc/contract';
import { z } from 'zod';

export const environmentName = z.string().min(1).max(200).meta({ description: 'Its name or its id.' });
export const environmentPath = z.object({
  env: z.string().min(1).max(100).meta({ description: 'Its name or its id.' }),
});
export const idPath = z.object({ id: z.string().min(1).max(64) });
export const version = z.string().min(1).max(512);

/** Numbers of a query come as text. */
export const number = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
export const page = { limit: number(1, 1000).default(100), offset: number(0, 1_000_000_000).default(0) };
export const firstPage = { limit: 100, offset: 0 };
export const pageOf = <S extends z.ZodRawShape>(items: S) =>
  z.object({
    headers: z.object({ link: z.string() }),
    body: z.object({ ...items, total: z.int(), limit: z.int(), offset: z.int() }),
  });
export const list = <S extends z.ZodType>(item: S) => z.array(item).readonly();

export const answers = {
  confirm: z.string().max(300).nullable().default(null).meta({ description: 'The environment’s name, typed.' }),
  reason: z.string().max(2000).nullable().default(null),
  accept: z.array(z.string().max(100)).max(200).default([]).meta({ description: 'Codes of accepted hazards.' }),
};

export const get = (path: `/${string}`, operationId: string, summary: string) =>
  oc.route({ method: 'GET', path, operationId, summary, inputStructure: 'detailed' });
export const getPage = (path: `/${string}`, operationId: string, summary: string) =>
  oc.route({ method: 'GET', path, operationId, summary, inputStructure: 'detailed', outputStructure: 'detailed' });
export const post = (path: `/${string}`, operationId: string, summary: string) =>
  oc.route({ method: 'POST', path, operationId, summary, inputStructure: 'detailed' });
export const postNew = (path: `/${string}`, operationId: string, summary: string) =>
  oc.route({ method: 'POST', path, operationId, summary, inputStructure: 'detailed', successStatus: 201 });
export const postStart = (path: `/${string}`, operationId: string, summary: string) =>
  oc.route({
    method: 'POST',
    path,
    operationId,
    summary,
    inputStructure: 'detailed',
    outputStructure: 'detailed',
    successStatus: 202,
    successDescription: 'It has begun; `Location` tells where it is followed.',
  });

export const none = z.strictObject({}).default({});
export const sent = <S extends z.ZodRawShape>(fields: S) => z.strictObject(fields);

/** JSON is the document itself. A route for each type: clients choose by it how they read an answer. */
export const htmlFile = z.file().mime('text/html');
export const pdfFile = z.file().mime('application/pdf');
