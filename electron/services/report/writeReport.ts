/** A report in one of its formats, as the bytes of a file. */
import { Worker } from 'node:worker_threads';
import type { FleetReport } from '../../../shared/model/fleetReport.ts';
import type { Report, ReportFile, ReportFormat } from '../../../shared/model/report.ts';
import { childEntry } from '../../engine/childEntry.ts';
import type { Context } from '../context.ts';
import type { ReportDocument } from './blocks.ts';
import { fleetReportDocument, readFleetReport } from './fleetReport.ts';
import { readReport } from './readReport.ts';
import { reportDocument } from './reportDocument.ts';
import { reportHtml } from './reportHtml.ts';

/** @param id of a run, a rehearsal or a fleet @throws {ProblemError} `run.notFound` */
export async function writeReport(context: Context, id: string, format: ReportFormat): Promise<ReportFile> {
  const isFleet = context.workspace.fleets.get(id) !== null;
  const report = isFleet ? readFleetReport(context, id) : await readReport(context, id);
  return { name: `${nameOf(report)}.${format}`, ...(await contentOf(report, format)) };
}

const documentOf = (report: Report | FleetReport): ReportDocument =>
  'fleet' in report ? fleetReportDocument(report) : reportDocument(report);

async function contentOf(report: Report | FleetReport, format: ReportFormat): Promise<Omit<ReportFile, 'name'>> {
  switch (format) {
    case 'json':
      return { type: 'application/json', content: new TextEncoder().encode(`${JSON.stringify(report, null, 1)}\n`) };
    case 'html':
      return { type: 'text/html', content: new TextEncoder().encode(reportHtml(documentOf(report))) };
    case 'pdf':
      return { type: 'application/pdf', content: await inWorker(documentOf(report)) };
  }
}

/** `rehearse-ward-01J….html`; an environment may be called anything. */
function nameOf(report: Report | FleetReport): string {
  const words = 'fleet' in report ? ['fleet', report.fleet.name, report.fleet.id] : wordsOf(report);
  return words.map((word) => word.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)).join('-');
}

const wordsOf = ({ run, rehearsal, environment }: Report): readonly string[] => [
  run?.action ?? 'rehearse',
  environment.name,
  run?.id ?? rehearsal?.id ?? '',
];

function inWorker(document: ReportDocument): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
  const entry = childEntry(import.meta.url, './pdfWorker.ts', './report-worker.js');
  const worker = new Worker(entry, { workerData: document });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', (code) => reject(new Error(`The program that writes the PDF ended with ${code}`)));
  return promise;
}
