/** Values for `${name}` in changelogs (changelog/ExpressionExpander.java, ChangeLogParameters.java): the first that fits counts. */

interface Parameter {
  readonly value: string;
  /** Changelog that it is for; null: for all. */
  readonly changelog: string | null;
}

export class Parameters {
  readonly #given: ReadonlyMap<string, string>;
  readonly #values = new Map<string, Parameter[]>();
  /** Changelog and the one that includes it. */
  readonly #parents = new Map<string, string>();

  /** `given`: on the command line or in the settings; they come before those of changelogs. Names without regard to case. */
  constructor(given: ReadonlyMap<string, string>) {
    this.#given = new Map([...given].map(([name, value]) => [name.toLowerCase(), value]));
  }

  /** A property of a changelog that is meant for this database. */
  set(name: string, value: string, changelog: string | null): void {
    const key = name.toLowerCase();
    const known = this.#values.get(key) ?? [];
    if (!known.some((parameter) => parameter.changelog === changelog)) known.push({ value, changelog });
    this.#values.set(key, known);
  }

  includedBy(changelog: string, parent: string): void {
    this.#parents.set(changelog, parent);
  }

  valueOf(name: string, changelog: string): string | null {
    const key = name.trim().toLowerCase();
    const given = this.#given.get(key);
    if (given !== undefined) return given;
    const known = this.#values.get(key) ?? [];
    const seen = new Set<string>();
    for (let at: string | undefined = changelog; at !== undefined && !seen.has(at); at = this.#parents.get(at)) {
      seen.add(at);
      const own = known.find((parameter) => parameter.changelog === at);
      if (own !== undefined) return own.value;
    }
    return known.find((parameter) => parameter.changelog === null)?.value ?? null;
  }

  /** What nobody gave a value for stays as it is written. */
  expand(text: string, changelog: string, depth = 0): string {
    if (!text.includes('${') || depth > mostNested) return text;
    return text.replace(/\$\{([^{}]*)\}/g, (written, name: string) => {
      const value = name.startsWith(':') ? null : this.valueOf(name, changelog);
      return value === null ? written : this.expand(value, changelog, depth + 1);
    });
  }
}

/** Values within values; deeper ones name each other in a circle. */
const mostNested = 16;
