/** Reads changelogs and what they include, in order (changelog/DatabaseChangeLog.java). */
import { extname } from 'node:path';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { walkFolder } from '../common/folder.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { Findings } from '../common/source.ts';
import { compareBytes } from '../common/versions.ts';
import { changeSetOf, quotingOf } from './changeSetNode.ts';
import type { Quoting } from './changes/names.ts';
import { Untranslatable } from './changes/names.ts';
import { rawSql } from './changes/written.ts';
import { contextMatches, type Dbms, labelsMatch, meantForDbms } from './conditions.ts';
import { firstLine, parseFormattedSql } from './formattedSql.ts';
import { type ChangeSet, type Inherited, normalPath } from './model.ts';
import { booleanIn, type ChangeNode, childrenOf, mapText, textIn } from './node.ts';
import type { Parameters } from './parameters.ts';
import { treeLimits } from './parsing.ts';
import type { Project } from './project.ts';
import { nameOf, type SourceFile, type SourceFiles } from './sourceFiles.ts';
import { parseXml } from './xml.ts';
import { parseYaml } from './yaml.ts';

export const changelogExtensions: ReadonlySet<string> = new Set(['.xml', '.yaml', '.yml', '.json', '.sql']);

export interface Reading {
  readonly files: SourceFiles;
  readonly parameters: Parameters;
  readonly project: Pick<Project, 'contexts' | 'labels'>;
  readonly dbms: Dbms;
  readonly findings: Findings;
}

/** What a changelog requires before anything runs. */
export interface ChangelogPreConditions {
  readonly node: ChangeNode;
  readonly file: string;
}

export class ChangelogReader {
  readonly changeSets: ChangeSet[] = [];
  readonly preConditions: ChangelogPreConditions[] = [];
  readonly #reading: Reading;
  readonly #open: string[] = [];
  #files = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  async read(file: SourceFile, inherited: Inherited): Promise<void> {
    if (this.#files++ > treeLimits.files) throw new ProblemError(tooMany(file.path));
    this.#open.push(file.name);
    try {
      await this.#parse(file, inherited);
    } catch (thrown) {
      // One changelog that cannot be read does not hide the others.
      if (!(thrown instanceof ProblemError)) throw thrown;
      this.#reading.findings.problems.push(thrown.problem);
    } finally {
      this.#open.pop();
    }
  }

  async #parse(file: SourceFile, inherited: Inherited): Promise<void> {
    const text = this.#reading.files.read(file);
    switch (extname(file.name).toLowerCase()) {
      case '.xml':
        return this.#changelog(await parseXml(text, file.path), file, inherited, false);
      case '.yaml':
      case '.yml':
      case '.json':
        return this.#changelog(await parseYaml(text, file.path), file, inherited, true);
      default:
        return this.#sql(text, file, inherited);
    }
  }

  #sql(text: string, file: SourceFile, inherited: Inherited): void {
    const path = inherited.logicalPath ?? file.name;
    const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
    if (!firstLine.test(first)) {
      if (text.trim() !== '') this.changeSets.push(this.#plainSql(text, path, file, inherited));
      return;
    }
    const sets = parseFormattedSql(text, {
      path,
      file: file.path,
      inherited,
      expand: (one) => this.#reading.parameters.expand(one, file.name),
      property: ({ name, value, context, labels, dbms, global }) =>
        this.#set(name, value, { context, labels, dbms }, global ? null : file.name),
    });
    this.changeSets.push(...sets);
  }

  /** SqlChangeLogParser: a file that is nothing but SQL is one change set. */
  #plainSql(text: string, path: string, file: SourceFile, inherited: Inherited): ChangeSet {
    return {
      id: 'raw',
      author: 'includeAll',
      path,
      file: file.path,
      line: 1,
      changes: [rawSql(this.#reading.parameters.expand(text, file.name), 1, { split: true, delimiter: null })],
      rollback: null,
      rollbackOf: null,
      comments: '',
      contexts: inherited.contexts,
      labels: inherited.labels,
      dbms: null,
      runAlways: false,
      runOnChange: false,
      runInTransaction: true,
      failOnError: true,
      ignored: inherited.ignored,
      validCheckSums: [],
      preConditions: null,
      tag: null,
      quoting: 'LEGACY',
      runOrder: null,
      refusals: [],
    };
  }

  async #changelog(root: ChangeNode, file: SourceFile, inherited: Inherited, propertiesFirst: boolean): Promise<void> {
    const logical = textIn(root, 'logicalFilePath');
    const path = logical === null || logical === '' ? (inherited.logicalPath ?? file.name) : normalPath(logical);
    const quoting = quotingOf(textIn(root, 'objectQuotingStrategy')) ?? 'LEGACY';
    const expanded = (node: ChangeNode) => mapText(node, (text) => this.#reading.parameters.expand(text, file.name));
    // YamlChangeLogParser knows all properties of its file before it reads on.
    if (propertiesFirst) for (const node of childrenOf(root, 'property')) this.#property(expanded(node), file);
    for (const written of root.children) {
      const node = expanded(written);
      switch (node.name) {
        case 'changeSet':
          this.changeSets.push(this.#changeSet(node, path, file, inherited, quoting));
          break;
        case 'property':
          if (!propertiesFirst) this.#property(node, file);
          break;
        case 'include':
          await this.#include(node, file, inherited);
          break;
        case 'includeAll':
          await this.#includeAll(node, file, inherited);
          break;
        case 'preConditions':
        case 'preconditions':
          this.preConditions.push({ node, file: file.path });
          break;
        case 'logicalFilePath':
        case 'objectQuotingStrategy':
        case 'changeLogId':
        case 'context':
        case 'contextFilter':
        case 'schemaLocation':
          break;
        default:
          this.#refuse(
            node.line,
            file,
            `${printable(node.name)} means nothing in a changelog here`,
            'Remove it, or run this changelog with Liquibase itself.',
          );
      }
    }
  }

  #changeSet(node: ChangeNode, path: string, file: SourceFile, inherited: Inherited, quoting: Quoting): ChangeSet {
    const readPlain = (name: string, relative: boolean) => this.#text(name, relative ? file.name : null);
    const read = (name: string, relative: boolean) =>
      this.#reading.parameters.expand(readPlain(name, relative), file.name);
    for (const needed of ['id', 'author'])
      if ((textIn(node, needed) ?? '') === '')
        this.#refuse(node.line, file, `a change set has no ${needed}`, 'Every change set needs an id and an author.');
    return changeSetOf(node, { path, file: file.path, inherited, quoting, read, readPlain });
  }

  /** @throws {Untranslatable} so that the change set stays in the list */
  #text(name: string, relativeTo: string | null): string {
    try {
      const found = this.#reading.files.find(nameOf(name, relativeTo));
      if (found === null) throw new Untranslatable(`there is no file ${printable(name)}`);
      return this.#reading.files.read(found);
    } catch (thrown) {
      if (thrown instanceof ProblemError) throw new Untranslatable(thrown.problem.message);
      throw thrown;
    }
  }

  #property(node: ChangeNode, file: SourceFile): void {
    if (textIn(node, 'file') !== null) {
      this.#refuse(
        node.line,
        file,
        'properties from a file are not supported',
        'Write them into the changelog, or give them with --set name=value.',
      );
      return;
    }
    const filter = {
      context: textIn(node, 'contextFilter') ?? textIn(node, 'context') ?? '',
      labels: textIn(node, 'labels') ?? '',
      dbms: textIn(node, 'dbms') ?? '',
    };
    this.#set(
      textIn(node, 'name') ?? '',
      textIn(node, 'value') ?? '',
      filter,
      booleanIn(node, 'global') === false ? file.name : null,
    );
  }

  #set(
    name: string,
    value: string,
    filter: { context: string; labels: string; dbms: string },
    changelog: string | null,
  ): void {
    const { project, dbms, parameters } = this.#reading;
    if (!meantForDbms(filter.dbms, dbms)) return;
    if (!contextMatches(filter.context, project.contexts) || !labelsMatch(filter.labels, project.labels)) return;
    parameters.set(name, value, changelog);
  }

  async #include(node: ChangeNode, file: SourceFile, inherited: Inherited): Promise<void> {
    const name = textIn(node, 'file') ?? '';
    const relativeTo = booleanIn(node, 'relativeToChangelogFile') === true ? file.name : null;
    const wanted = nameOf(name, relativeTo);
    if (this.#open.includes(wanted))
      return this.#refuse(
        node.line,
        file,
        `includes ${printable(wanted)}, which includes it in turn`,
        'Remove one of the two includes.',
      );
    const found = this.#find(wanted, node, file);
    if (found === undefined) return;
    if (found === null) {
      if (booleanIn(node, 'errorIfMissing') !== false)
        this.#refuse(
          node.line,
          file,
          `includes ${printable(name)}, which does not exist`,
          'Correct the path; it begins at the search path, or beside the changelog with relativeToChangelogFile.',
        );
      return;
    }
    if (!changelogExtensions.has(extname(wanted).toLowerCase()))
      return this.#refuse(
        node.line,
        file,
        `includes ${printable(name)}, which is no changelog by its name`,
        'Changelogs are .xml, .yaml, .yml, .json or .sql files.',
      );
    this.#reading.parameters.includedBy(found.name, file.name);
    await this.read(found, handedDown(node, inherited));
  }

  /** Undefined: it may not be read, and that was said. */
  #find(name: string, node: ChangeNode, file: SourceFile): SourceFile | null | undefined {
    try {
      return this.#reading.files.find(name);
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      this.#reading.findings.problems.push({ ...thrown.problem, path: file.path, line: node.line });
      return undefined;
    }
  }

  async #includeAll(node: ChangeNode, file: SourceFile, inherited: Inherited): Promise<void> {
    const { files, findings, parameters } = this.#reading;
    const strange = ['filter', 'resourceComparator', 'minDepth', 'maxDepth'].find(
      (name) => textIn(node, name) !== null,
    );
    if (strange !== undefined)
      return this.#refuse(
        node.line,
        file,
        `has an includeAll with ${strange}, which is not supported`,
        'Include the files one by one, or run this changelog with Liquibase itself.',
      );
    const name = textIn(node, 'path') ?? '';
    const folder = nameOf(name, booleanIn(node, 'relativeToChangelogFile') === true ? file.name : null);
    const ending = textIn(node, 'endsWithFilter') ?? '';
    const found = files.folders(folder);
    const names: string[] = [];
    for (const { base, path } of found) {
      const walked = await walkFolder(base, path);
      findings.problems.push(...walked.problems);
      names.push(...walked.files.filter((one) => one.endsWith(ending)));
    }
    if (names.length === 0 && booleanIn(node, 'errorIfMissingOrEmpty') !== false)
      return this.#refuse(
        node.line,
        file,
        `includes all of ${printable(name)}, which does not exist or is empty`,
        'Correct the path, or write errorIfMissingOrEmpty="false".',
      );
    for (const one of [...new Set(names)].sort(compareBytes)) {
      const included = changelogExtensions.has(extname(one).toLowerCase()) ? this.#find(one, node, file) : null;
      if (included === undefined || this.#open.includes(one)) continue;
      if (included === null) findings.notices.push(passedOver(files.pathOf(one)));
      else {
        parameters.includedBy(included.name, file.name);
        await this.read(included, handedDown(node, inherited));
      }
    }
  }

  #refuse(line: number, file: SourceFile, what: string, hint: string): void {
    const message = `${printable(file.path)}: ${what}.`;
    this.#reading.findings.problems.push(
      sourceProblem('source.invalidSections', message, hint, { path: file.path, line }),
    );
  }
}

function handedDown(node: ChangeNode, inherited: Inherited): Inherited {
  const context = textIn(node, 'contextFilter') ?? textIn(node, 'context');
  const labels = (textIn(node, 'labels') ?? '').split(',').map((label) => label.trim());
  const logical = textIn(node, 'logicalFilePath');
  return {
    contexts: context === null || context.trim() === '' ? inherited.contexts : [...inherited.contexts, context],
    labels: [...inherited.labels, ...labels.filter((label) => label !== '')],
    ignored: inherited.ignored || booleanIn(node, 'ignore') === true,
    logicalPath: logical === null || logical === '' ? null : normalPath(logical),
  };
}

const passedOver = (path: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is no changelog by its name: Liquibase passes it over.`,
    'Changelogs are .xml, .yaml, .yml, .json or .sql files.',
    { path },
  );

const tooMany = (path: string): Problem =>
  sourceProblem(
    'source.unsupported',
    `${printable(path)} is one changelog of more than ${treeLimits.files}.`,
    'Check what it includes.',
    { path },
  );
