/** goose's ENVSUB: `$NAME`, `${NAME}`, with `-` and `:-` a value for want of one, with `?` a refusal. */
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { isAnnotation } from './parser.ts';

const variable = /\\\$|\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\})/g;

/**
 * The lines of a section as goose would send them. What ends at StatementEnd without a semicolon gets one, so that it stays
 * a statement of its own. `line`: of the section's first line in its file.
 */
export function prepared(
  text: string,
  path: string,
  line: number,
  values: Readonly<Record<string, string>>,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let substitutes = false;
  let last = '';
  const lines = text.split('\n').map((written, index) => {
    if (isAnnotation(written, 'envsub on')) substitutes = true;
    else if (isAnnotation(written, 'envsub off')) substitutes = false;
    else if (isAnnotation(written, 'statementend')) return last.trimEnd().endsWith(';') ? written : `;${written}`;
    else if (written.trim() !== '' && !written.trimStart().startsWith('--')) last = written;
    return substitutes
      ? substituted(written, values, (name) => problems.push(missing(name, path, line + index)))
      : written;
  });
  return { text: lines.join('\n'), problems };
}

/** goose takes its process's environment, where a name that is missing is empty: here it is asked for. */
function substituted(line: string, values: Readonly<Record<string, string>>, absent: (name: string) => void): string {
  return line.replace(variable, (written, plain?: string, braced?: string, form?: string, otherwise?: string) => {
    const name = plain ?? braced;
    if (name === undefined) return written === '\\$' ? '$' : written;
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined && !(value === '' && form?.startsWith(':') === true)) return value;
    if (form?.endsWith('-') === true) return otherwise ?? '';
    absent(name);
    return written;
  });
}

function missing(name: string, path: string, line: number): Problem {
  const message = `There is no value for the variable ${printable(name)}.`;
  const hint = `Give one with --set ${name}=…, or in the environment’s settings; this process’s own environment is not used.`;
  return sourceProblem('script.placeholderMissing', message, hint, { path, line });
}
