/** A rehearsal as one HTML page that stands alone: no script, nothing loaded, everything from outside escaped. */
import { describeObject } from '../../shared/model/describeSchema.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Rehearsal, RehearsedStatement, RehearsedStep } from '../../shared/model/rehearsal.ts';
import type { SchemaChange } from '../../shared/model/snapshot.ts';
import type { Problem } from '../../shared/problem.ts';

/** Text that is HTML already. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | readonly Html[] | string | number | null;

/** Every value is escaped, but for what was made by this. */
function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    parts.map((part, index) => `${part}${index < values.length ? textOf(values[index] ?? null) : ''}`).join(''),
  );
}

function textOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value).replaceAll(/[&<>"'\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (sign) =>
    /[\n\t]/.test(sign) ? sign : `&#${visible(sign)};`,
  );
}

/** Control characters, and those that turn the direction of text, are shown as a box. */
const visible = (sign: string): number => (/[&<>"']/.test(sign) ? sign.charCodeAt(0) : 0xfffd);

export function rehearsalReport(rehearsal: Rehearsal): string {
  const { environment, copy, steps, schema, rows, back, problem } = rehearsal;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Rehearsal of ${environment}</title>
<style>${new Html(style)}</style>
</head>
<body>
<h1>Rehearsal of ${environment}</h1>
<p class="${rehearsal.outcome}">${verdict(rehearsal)}</p>
<dl>
${fact('Database', `${rehearsal.database} (${rehearsal.engine} ${rehearsal.serverVersion})`)}
${fact('When', `${rehearsal.at}, ${duration(rehearsal.durationMs)} in all, by ${rehearsal.actor}`)}
${fact('Tried on', `${copyWords[copy.kind]}, ${copy.place}`)}
</dl>
${copy.limits.length === 0 ? null : html`<ul class="limits">${copy.limits.map((one) => html`<li>${one}</li>`)}</ul>`}
${[problem, back?.problem ?? null].filter((one) => one !== null).map(problemBox)}
${rehearsal.unsound.length === 0 ? null : html`<ul class="limits">${rehearsal.unsound.map((one) => html`<li>${one}</li>`)}</ul>`}
<h2>Steps</h2>
${steps.map(stepSection)}
<h2>Rows</h2>
${rows.length === 0 ? html`<p>No table has more or fewer rows.</p>` : rowTable(rows)}
<h2>Schema</h2>
${schema.length === 0 ? html`<p>Nothing of the schema changes.</p>` : schemaTable(schema)}
<h2>The way back</h2>
${backSection(rehearsal)}
</body>
</html>
`.text;
}

const copyWords: Readonly<Record<Rehearsal['copy']['kind'], string>> = {
  data: 'a copy with its rows',
  schema: 'a copy of the schema without rows',
  subset: 'a copy with some of its rows',
};

function verdict({ outcome, steps, back }: Rehearsal): string {
  if (outcome === 'failed') return '✕ It failed.';
  const way = back?.problem == null ? '' : ' Its way back does not restore what was before.';
  return `✓ ${steps.length === 1 ? '1 migration' : `${steps.length} migrations`} ran to the end.${way}`;
}

const fact = (name: string, value: string): Html => html`<dt>${name}</dt><dd>${value}</dd>`;

const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

const problemBox = ({ message, state, hint, path, line, serverMessage }: Problem): Html =>
  html`<div class="problem"><p><strong>${message}</strong></p>${path === undefined ? null : html`<p>${path}${line === undefined ? '' : `:${line}`}</p>`}<p>${state}</p><p>${hint}</p>${serverMessage === undefined ? null : html`<pre>${serverMessage}</pre>`}</div>`;

function stepSection(step: RehearsedStep): Html {
  const longest = Math.max(1, ...step.statements.map(({ durationMs }) => durationMs));
  const estimate = step.estimateMs === null ? '' : `, estimated for the real run: ${duration(step.estimateMs)}`;
  return html`<section><h3>${step.version} ${step.name}</h3>
<p>${step.outcome}, ${duration(step.durationMs)}${estimate}</p>
${step.problem === null ? null : problemBox(step.problem)}
${step.hazards.length === 0 ? null : html`<ul class="hazards">${step.hazards.map(hazardItem)}</ul>`}
${step.statements.length === 0 ? null : html`<table><thead><tr><th>Line</th><th>Statement</th><th>Time</th><th>Rows</th><th>Locks</th><th>Written anew, read as a whole</th></tr></thead><tbody>${step.statements.map((one) => statementRow(one, longest))}</tbody></table>`}
${step.unlisted === 0 ? null : html`<p>${step.unlisted} more statements are not listed.</p>`}</section>
`;
}

const seenWords = { confirmed: ' Seen: it does.', refuted: ' Seen: it does not.' } as const;

const hazardItem = ({ code, line, message, seen }: Hazard): Html =>
  html`<li><code>${code}</code>${line === null ? '' : ` line ${line}`}: ${message}${seen === undefined ? '' : seenWords[seen]}</li>`;

function statementRow(one: RehearsedStatement, longest: number): Html {
  const width = Math.max(1, Math.round((one.durationMs / longest) * 100));
  const locks = one.locks?.map(({ table, mode, keepsOut }) => html`<li class="${keepsOut}">${mode} on ${table}</li>`);
  const told = [
    ...(one.rewritten ?? []).map((table) => `${table} written anew`),
    ...(one.scanned ?? []).map((table) => `${table} read`),
    ...(one.algorithm === null ? [] : [`${one.algorithm.algorithm}, LOCK=${one.algorithm.lock}`]),
  ];
  const rows = one.lockedRows === null ? '' : `${one.lockedRows} locked`;
  return html`<tr><td>${one.line}</td><td><pre>${one.text.slice(0, 300)}</pre></td><td><span class="bar" style="width:${width}px"></span>${duration(one.durationMs)}</td><td>${one.rows ?? ''} ${rows}</td><td>${locks === undefined ? 'not told' : html`<ul>${locks}</ul>`}</td><td>${told.join(', ')}</td></tr>
`;
}

const rowTable = (rows: Rehearsal['rows']): Html =>
  html`<table><thead><tr><th>Table</th><th>Before</th><th>After</th></tr></thead><tbody>${rows.map(
    ({ table, before, after }) => html`<tr><td>${table}</td><td>${before ?? '–'}</td><td>${after ?? '–'}</td></tr>`,
  )}</tbody></table>`;

const schemaTable = (changes: readonly SchemaChange[]): Html =>
  html`<table class="diff"><thead><tr><th>Before</th><th>After</th></tr></thead><tbody>${changes.map(
    (one) =>
      html`<tr class="${one.change}"><td><pre>${one.change === 'added' ? '' : describeObject(one.before)}</pre></td><td><pre>${one.change === 'removed' ? '' : describeObject(one.after)}</pre></td></tr>`,
  )}</tbody></table>`;

function backSection({ back, direction }: Rehearsal): Html {
  if (back === null)
    return html`<p>${direction === 'down' ? 'This plan is a way back itself.' : 'It was not tried, as the plan failed.'}</p>`;
  const { versions, stoppedAt, schema, rows, again, countedOnly } = back;
  return html`<p>Rolled back: ${versions.length === 0 ? 'nothing' : versions.join(', ')}.${stoppedAt === null ? '' : ` ${stoppedAt} has no way back.`}</p>
<p>${schema.length === 0 ? 'The schema before is restored.' : 'The schema before is not restored:'}</p>${schema.length === 0 ? null : schemaTable(schema)}
<p>${rows.length === 0 ? 'No table has other rows than before.' : 'Tables that have other rows than before:'}</p>${rows.length === 0 ? null : rowTable(rows)}
${countedOnly.length === 0 ? null : html`<p>Of these only the number of rows was compared: ${countedOnly.join(', ')}.</p>`}
${again.length === 0 ? null : html`<p>Applied again, the schema is another one:</p>${schemaTable(again)}`}`;
}

const style = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
dt { font-weight: 600; float: left; clear: left; width: 7rem; } dd { margin-left: 7.5rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #8884; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, monospace; }
td ul { margin: 0; padding: 0; list-style: none; }
.bar { display: inline-block; height: .6rem; margin-right: .4rem; background: #3b82c4; }
.passed { color: #2a7d2e; font-weight: 600; } .failed { color: #c22; font-weight: 600; }
.everybody { color: #c22; } .writers { color: #b26a00; }
.problem { border-left: 3px solid #c22; padding: .2rem .8rem; margin: 1rem 0; }
.added td:last-child { background: #2a7d2e1a; } .removed td:first-child { background: #cc22221a; }
.diff td { width: 50%; }
`;
