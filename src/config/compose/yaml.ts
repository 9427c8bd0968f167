import type { Document, Node as YamlNode } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { HeldoutError, HeldoutErrors } from '../../core/errors.js';
import { emptyMap, formatPlace, type MapNode, type Node, type Place, type Scalar } from '../tree.js';

const MOST_NODES = 100_000;

/** A parsed file: its content with places, before anything is composed. */
export interface YamlFile {
  /** The path that messages show. */
  readonly file: string;
  /** The package of a leading `# @package a.b` comment. */
  readonly header: string | undefined;
  readonly root: MapNode;
}

/** Parses YAML 1.2 (JSON is part of it). Throws every syntax error, duplicate key and tab with its place. */
export function parseYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const errors = problems.map((problem) =>
      syntaxError(text, lines, file, problem.pos[0], explain(problem)),
    );
    throw errors.length > 1 ? new HeldoutErrors(errors) : errors[0];
  }
  const root = new Converter(text, lines, file, document).convertRoot();
  return { file, header: readHeader(text), root };
}

function explain(problem: { code: string; message: string }): string {
  if (problem.code === 'TAB_AS_INDENT') return 'a tab cannot indent YAML: use spaces';
  if (problem.code === 'DUPLICATE_KEY') return 'this key stands here twice';
  if (problem.code === 'MULTIPLE_DOCS') return 'a config file holds one document';
  return problem.message.replace(/\.?$/, '');
}

function syntaxError(text: string, lines: LineCounter, file: string, offset: number, message: string) {
  const { line, col } = lines.linePos(Math.min(offset, text.length));
  const source = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ').replace(/\r$/, '');
  return new HeldoutError({
    code: 'E_YAML',
    message: `${message}\n  ${source}\n  ${' '.repeat(col - 1)}^`,
    place: `${file}:${line}:${col}`,
  });
}

function readHeader(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed !== '' && !trimmed.startsWith('#')) return undefined;
    const match = /^#\s*@package\s+(\S+)\s*$/.exec(trimmed);
    if (match !== null) return match[1];
  }
  return undefined;
}

class Converter {
  private nodes = 0;

  constructor(
    private readonly text: string,
    private readonly lines: LineCounter,
    private readonly file: string,
    private readonly document: Document,
  ) {}

  convertRoot(): MapNode {
    const place: Place = { kind: 'file', file: this.file, line: 1, column: 1 };
    const { contents } = this.document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return emptyMap(place);
    const node = this.convert(contents, place);
    if (node.kind === 'map') return node;
    throw new HeldoutError({
      code: 'E_YAML',
      message: 'a config file holds keys and values, not a single value or a list',
      place: formatPlace(node.place),
    });
  }

  private placeOf(node: YamlNode | null | undefined, fallback: Place): Place {
    const offset = node?.range?.[0];
    if (offset === undefined) return fallback;
    const { line, col } = this.lines.linePos(offset);
    return { kind: 'file', file: this.file, line, column: col };
  }

  private convert(node: unknown, place: Place): Node {
    this.nodes += 1;
    if (this.nodes > MOST_NODES) throw this.fail(place, `a config file has at most ${MOST_NODES} values`);
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target === undefined) throw this.fail(place, `the anchor '${node.source}' is not defined above`);
      return this.convert(target, place);
    }
    if (isMap(node)) return this.convertMap(node, place);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item, this.placeOf(item as YamlNode, place)));
      return { kind: 'list', items, place };
    }
    const value = isScalar(node) ? node.value : null;
    return { kind: 'scalar', value: this.checkScalar(value, place), place };
  }

  private convertMap(map: { items: readonly { key: unknown; value: unknown }[] }, parent: Place): MapNode {
    const entries = new Map<string, Node>();
    for (const pair of map.items) {
      const place = this.placeOf(pair.key as YamlNode, parent);
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      if (key === null || key === undefined || typeof key === 'object') {
        throw this.fail(place, 'a key must be plain text');
      }
      if (key === '__proto__') throw this.fail(place, `'__proto__' cannot be a key`);
      if (entries.has(String(key))) throw this.fail(place, `the key '${key}' stands here twice`);
      entries.set(String(key), this.convert(pair.value, place));
    }
    return { kind: 'map', entries, place: parent };
  }

  private checkScalar(value: unknown, place: Place): Scalar {
    if (value === null || value === undefined) return null;
    if (typeof value === 'number') {
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw this.fail(place, `${value} is too large for an exact integer: quote it to keep its digits`);
      }
      return value;
    }
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    throw this.fail(place, `a config has no ${typeof value}`);
  }

  private fail(place: Place, message: string): HeldoutError {
    if (place.kind !== 'file')
      return new HeldoutError({ code: 'E_YAML', message, place: formatPlace(place) });
    const source = (this.text.split('\n')[place.line - 1] ?? '').replaceAll('\t', ' ');
    const frame = `\n  ${source}\n  ${' '.repeat(place.column - 1)}^`;
    return new HeldoutError({ code: 'E_YAML', message: message + frame, place: formatPlace(place) });
  }
}
