/** A worker thread that writes one report as PDF. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ReportDocument } from './blocks.ts';
import { reportPdf } from './reportPdf.ts';

parentPort?.postMessage(await reportPdf(workerData as ReportDocument));
