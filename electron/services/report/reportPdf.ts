/**
 * A report as PDF. Its fonts are embedded and nothing depends on the moment it is made, so that equal reports are equal bytes.
 * Laying out takes long enough to be noticed elsewhere: call it in the worker (`pdfWorker.ts`) only.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import PdfDocument from 'pdfkit';
import { outsideArchive } from '../../engine/childEntry.ts';
import type { ReportDocument } from './blocks.ts';
import { PdfWriter } from './pdfWriter.ts';
import { printable } from './printable.ts';

/** Points. */
const margin = 42;
const fontFiles = { plain: 'DejaVuSans', bold: 'DejaVuSans-Bold', code: 'DejaVuSansMono' } as const;

export async function reportPdf(document: ReportDocument): Promise<Uint8Array<ArrayBuffer>> {
  const fonts = await readFonts();
  const pdf = new PdfDocument({
    size: 'A4',
    margin,
    bufferPages: true,
    lang: 'en',
    // None of its own: they would not be embedded.
    font: '',
    info: { Title: document.title, Producer: 'Lockkeeper', Creator: 'Lockkeeper', CreationDate: new Date(document.at) },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => pdf.on('end', resolve).on('error', reject));
  for (const [name, bytes] of Object.entries(fonts)) pdf.registerFont(name, bytes);
  const writer = new PdfWriter(pdf, margin, (text, font) => printable(text, glyphsOf(fonts[font])));
  for (const block of document.blocks) writer.write(block);
  writer.numberPages(document.title);
  pdf.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

export type PdfFont = keyof typeof fontFiles;

async function readFonts(): Promise<Record<PdfFont, Buffer>> {
  const { resolve } = createRequire(import.meta.url);
  const read = (name: PdfFont) => readFile(outsideArchive(resolve(`dejavu-fonts-ttf/ttf/${fontFiles[name]}.ttf`)));
  const [plain, bold, code] = await Promise.all([read('plain'), read('bold'), read('code')]);
  return { plain, bold, code };
}

const glyphs = new WeakMap<Buffer, (codePoint: number) => boolean>();

function glyphsOf(bytes: Buffer): (codePoint: number) => boolean {
  const known = glyphs.get(bytes);
  if (known !== undefined) return known;
  const font = create(bytes);
  const has = (codePoint: number): boolean => 'hasGlyphForCodePoint' in font && font.hasGlyphForCodePoint(codePoint);
  glyphs.set(bytes, has);
  return has;
}
