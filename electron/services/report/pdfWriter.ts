/** Puts the blocks of a report onto pages. */
import type PdfDocument from 'pdfkit';
import { type Block, type Cell, type Words, wordsOf } from './blocks.ts';
import type { PdfFont } from './reportPdf.ts';

type Pdf = InstanceType<typeof PdfDocument>;
type Table = Extract<Block, { kind: 'table' }>;

/** Points. */
const size = { title: 16, section: 12, part: 9.5, verdict: 11, text: 8.5 } as const;
const padding = 3;
const labelWidth = 104;
const footer = 16;
/** For the head of a table above the longest row. */
const headRoom = 60;
const colours = { good: '#1f6f28', bad: '#b3261e', attention: '#8a5200', plain: '#1a1a1a', line: '#c8c8c8' } as const;
/** More columns are too narrow to be read: each row is told as a list of facts. */
const mostColumns = 8;

export class PdfWriter {
  readonly #pdf: Pdf;
  readonly #margin: number;
  readonly #printable: (text: string, font: PdfFont) => string;
  readonly #width: number;
  readonly #bottom: number;

  constructor(pdf: Pdf, margin: number, printable: (text: string, font: PdfFont) => string) {
    this.#pdf = pdf;
    this.#margin = margin;
    this.#printable = printable;
    this.#width = pdf.page.width - 2 * margin;
    this.#bottom = pdf.page.height - margin - footer;
  }

  write(block: Block): void {
    switch (block.kind) {
      case 'title':
        this.#heading(block.text, size.title, 0);
        break;
      case 'section':
        this.#heading(block.text, size.section, 14);
        break;
      case 'part':
        this.#heading(block.text, size.part, 6);
        break;
      case 'verdict':
        this.#flow(block.words, { font: 'bold', points: size.verdict });
        break;
      case 'text':
        this.#flow({ text: block.text });
        break;
      case 'list':
        for (const item of block.items) this.#flow({ text: `•  ${item}` }, { indent: 8 });
        break;
      case 'facts':
        for (const [name, cell] of block.facts)
          this.#row({
            cells: [
              { words: { text: name }, width: labelWidth, bold: true },
              { words: wordsOf(cell), width: this.#width - labelWidth },
            ],
          });
        break;
      case 'problem':
        for (const words of block.lines) this.#flow(words, { indent: 10, bar: colours.bad });
        break;
      case 'table':
        if (block.columns.length > mostColumns) this.#asFacts(block);
        else this.#table(block);
    }
  }

  /** Once all is written. */
  numberPages(title: string): void {
    const { start, count } = this.#pdf.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.#pdf.switchToPage(page);
      // Its bottom margin would begin another page.
      this.#pdf.page.margins.bottom = 0;
      const text = this.#printable(`${title}   ·   page ${page - start + 1} of ${count}`, 'plain');
      this.#pdf.font('plain').fontSize(7).fillColor('#555555');
      this.#pdf.text(text, this.#margin, this.#bottom + 6, { width: this.#width, lineBreak: false, ellipsis: true });
    }
  }

  #heading(text: string, points: number, above: number): void {
    // Never alone at the end of a page.
    if (this.#pdf.y + above + 4 * points > this.#bottom) this.#pdf.addPage();
    else this.#pdf.y += above;
    this.#flow({ text }, { font: 'bold', points });
  }

  /** Text over the whole width, line by line onto as many pages as it takes. */
  #flow(words: Words, { font, points = size.text, indent = 0, bar }: Flow = {}): void {
    const used = font ?? (words.code === true ? 'code' : 'plain');
    const width = this.#width - indent;
    for (const line of this.#printable(words.text, used).split('\n')) {
      this.#style(used, points, words);
      const height = this.#pdf.heightOfString(line === '' ? ' ' : line, { width });
      if (this.#pdf.y + Math.min(height, 3 * points) > this.#bottom) this.#pdf.addPage();
      const { y } = this.#pdf;
      this.#pdf.text(line === '' ? ' ' : line, this.#margin + indent, y, { width });
      if (bar !== undefined && this.#pdf.y > y)
        this.#pdf
          .moveTo(this.#margin + 3, y)
          .lineTo(this.#margin + 3, this.#pdf.y)
          .lineWidth(2)
          .stroke(bar);
    }
    this.#pdf.y += 2;
  }

  #table({ columns, rows }: Table): void {
    const shares = columns.reduce((sum, [, share]) => sum + share, 0);
    const widths = columns.map(([, share]) => (share / shares) * this.#width);
    const head = columns.map(([name], column) => ({ words: { text: name }, width: widths[column] ?? 0, bold: true }));
    const onNewPage = () => this.#row({ cells: head });
    onNewPage();
    for (const row of rows)
      this.#row({
        cells: row.map((cell, column) => ({ words: wordsOf(cell), width: widths[column] ?? 0 })),
        onNewPage,
      });
    this.#pdf.y += 4;
  }

  #asFacts({ columns, rows }: Table): void {
    rows.forEach((row, index) => {
      this.#heading(`Row ${index + 1}`, size.text, 2);
      this.write({
        kind: 'facts',
        facts: columns.map(([name], column): [string, Cell] => [name, row[column] ?? null]),
      });
    });
  }

  /** Cells beside each other; what is longer than a page goes on in a row below. */
  #row(row: Row): void {
    const height = Math.max(size.text, ...row.cells.map((cell) => this.#heightOf(cell))) + 2 * padding;
    if (height > this.#bottom - this.#margin - headRoom) {
      for (const part of halves(row)) this.#row(part);
      return;
    }
    if (this.#pdf.y + height > this.#bottom) {
      this.#pdf.addPage();
      row.onNewPage?.();
    }
    const top = this.#pdf.y;
    let left = this.#margin;
    for (const cell of row.cells) {
      this.#pdf.text(this.#prepared(cell), left + padding, top + padding, { width: cell.width - 2 * padding });
      left += cell.width;
    }
    this.#pdf.y = top + height;
    const line = this.#pdf.moveTo(this.#margin, this.#pdf.y).lineTo(this.#margin + this.#width, this.#pdf.y);
    line.lineWidth(0.4).stroke(colours.line);
  }

  #heightOf(cell: PlacedCell): number {
    return this.#pdf.heightOfString(this.#prepared(cell), { width: cell.width - 2 * padding });
  }

  /** Its text as it can be printed, with its font chosen. */
  #prepared({ words, bold }: PlacedCell): string {
    const font = bold === true ? 'bold' : words.code === true ? 'code' : 'plain';
    this.#style(font, size.text, words);
    return this.#printable(words.text, font) || ' ';
  }

  #style(font: PdfFont, points: number, { tone }: Words): void {
    this.#pdf
      .font(font)
      .fontSize(points)
      .fillColor(colours[tone ?? 'plain']);
  }
}

interface PlacedCell {
  readonly words: Words;
  /** Points, its padding included. */
  readonly width: number;
  readonly bold?: boolean;
}

interface Row {
  readonly cells: readonly PlacedCell[];
  /** Called at the top of a page that the row begins. */
  readonly onNewPage?: () => void;
}

/** The same row in two, each with half of the longest cell. */
function halves({ cells, ...row }: Row): Row[] {
  const signs = cells.map(({ words }) => Array.from(words.text));
  const longest = Math.max(...signs.map(({ length }) => length));
  const half = Math.ceil(longest / 2);
  return [
    [0, half],
    [half, longest],
  ].map((part) => ({
    ...row,
    cells: cells.map((cell, column) => ({
      ...cell,
      words: { ...cell.words, text: signs[column]?.slice(...part).join('') ?? '' },
    })),
  }));
}

interface Flow {
  readonly font?: PdfFont;
  readonly points?: number;
  readonly indent?: number;
  readonly bar?: string;
}
