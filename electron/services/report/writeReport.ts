/** A report in one of its formats, as the bytes of a file. */
import { Worker } from 'node:worker_threads';
import type { Report, ReportFile, ReportFormat } from '../../../shared/model/report.ts';
import { childEntry } from '../../engine/childEntry.ts';
import type { Context } from '../context.ts';
import type { ReportDocument } from './blocks.ts';
import { readReport } from './readReport.ts';
import { reportDocument } from './reportDocument.ts';
import { reportHtml } from './reportHtml.ts';

/** @param id of a run or of a rehearsal @throws {ProblemError} `run.notFound` */
export async function writeReport(context: Context, id: string, format: ReportFormat): Promise<ReportFile> {
  const report = await readReport(context, id);
  return { name: `${nameOf(report)}.${format}`, ...(await contentOf(report, format)) };
}

async function contentOf(report: Report, format: ReportFormat): Promise<Omit<ReportFile, 'name'>> {
  switch (format) {
    case 'json':
      return { type: 'application/json', content: new TextEncoder().encode(`${JSON.stringify(report, null, 1)}\n`) };
    case 'html':
      return { type: 'text/html', content: new TextEncoder().encode(reportHtml(reportDocument(report))) };
    case 'pdf':
      return { type: 'application/pdf', content: await inWorker(reportDocument(report)) };
  }
}

/** `rehearse-ward-01J….html`; an environment may be called anything. */
function nameOf({ run, rehearsal, environment }: Report): string {
  const words = [run?.action ?? 'rehearse', environment.name, run?.id ?? rehearsal?.id ?? ''];
  return words.map((word) => word.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)).join('-');
}

function inWorker(document: ReportDocument): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  const entry = childEntry(import.meta.url, './pdfWorker.ts', './report-worker.js');
  const worker = new Worker(entry, { workerData: document });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`The program that writes the PDF ended with ${code}`)));
  return promise;
}
