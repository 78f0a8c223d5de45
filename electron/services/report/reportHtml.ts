/** A report as one HTML page that stands alone: no script, nothing loaded, every text escaped. */
import { type Block, type Cell, type ReportDocument, type Words, wordsOf } from './blocks.ts';

/** Text that is HTML already. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | readonly Html[] | string | number;

/** Every value is escaped, but for what was made by this. */
function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    parts.map((part, index) => `${part}${index < values.length ? textOf(values[index] ?? '') : ''}`).join(''),
  );
}

function textOf(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replaceAll(/[&<>"'\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (sign) =>
    /[\n\t]/.test(sign) ? sign : `&#${visible(sign)};`,
  );
}

/** Control characters, and those that turn the direction of text, are shown as a box. */
const visible = (sign: string): number => (/[&<>"']/.test(sign) ? sign.charCodeAt(0) : 0xfffd);

export const reportHtml = ({ title, blocks }: ReportDocument): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${blocks.map((block) => html`${blockHtml(block)}\n`)}</body>
</html>
`.text;

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'title':
      return html`<h1>${block.text}</h1>`;
    case 'section':
      return html`<h2>${block.text}</h2>`;
    case 'part':
      return html`<h3>${block.text}</h3>`;
    case 'verdict':
      return html`<p class="verdict">${wordsHtml(block.words)}</p>`;
    case 'text':
      return html`<p>${block.text}</p>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${item}</li>`)}</ul>`;
    case 'facts':
      return html`<dl>${block.facts.map(([name, cell]) => html`<div><dt>${name}</dt><dd>${cellHtml(cell)}</dd></div>`)}</dl>`;
    case 'problem':
      return html`<div class="problem">${block.lines.map((words) => html`<p>${wordsHtml(words)}</p>`)}</div>`;
    case 'table':
      return html`<div class="wide"><table><thead><tr>${block.columns.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${block.rows.map(
        (row) => html`<tr>${row.map((cell) => html`<td>${cellHtml(cell)}</td>`)}</tr>\n`,
      )}</tbody></table></div>`;
  }
}

const cellHtml = (cell: Cell): Html => wordsHtml(wordsOf(cell));

function wordsHtml({ text, tone, code }: Words): Html {
  const content = code === true ? html`<code>${text}</code>` : html`${text}`;
  return tone === undefined ? content : html`<span class="${tone}">${content}</span>`;
}

const style = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; --good: #1f6f28; --bad: #b3261e; --attention: #8a5200; --line: #8885; }
@media (prefers-color-scheme: dark) { :root { --good: #7fce86; --bad: #ff8a80; --attention: #f0b35e; } }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; } ul { margin: .4rem 0; padding-left: 1.3rem; } li, dd { overflow-wrap: anywhere; }
.verdict { font-size: 1.1rem; font-weight: 600; }
dl { margin: .4rem 0; } dl div { display: flex; gap: 1rem; } dt { font-weight: 600; flex: 0 0 11rem; } dd { margin: 0; min-width: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; } th { white-space: nowrap; }
code { font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .attention { color: var(--attention); }
.problem { border-left: 3px solid var(--bad); padding: .1rem .8rem; margin: .8rem 0; }
@media print { :root { color-scheme: light; font-size: 10.5px; --good: #1f6f28; --bad: #b3261e; --attention: #8a5200; } body { max-width: none; margin: 0; } h2, h3 { break-after: avoid; } tr, .problem { break-inside: avoid; } .wide { overflow: visible; } thead { display: table-header-group; } @page { margin: 15mm; } }
`;
