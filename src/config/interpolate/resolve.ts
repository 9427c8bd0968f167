import { HeldoutError } from '../../core/errors.js';
import { suggestPath } from '../overrides/apply.js';
import { readScalar } from '../overrides/value.js';
import { suggest } from '../suggestions.js';
import {
  childOf,
  formatPath,
  formatPlace,
  type MapNode,
  MISSING,
  type Node,
  nearestNode,
  type Path,
  type Plain,
} from '../tree.js';
import {
  type Argument,
  type Call,
  hasInterpolation,
  type Interpolation,
  parseTemplate,
  type Reference,
  type Template,
} from './parse.js';
import { failResolver, RESOLVERS, type Scope } from './resolvers.js';

export interface ResolveContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly choices: Readonly<Record<string, Plain>>;
}

export interface Resolved {
  readonly value: { readonly [key: string]: Plain };
  /** Keys that could not be resolved; their value is `???`. */
  readonly errors: readonly { readonly path: Path; readonly error: HeldoutError }[];
  readonly warnings: readonly string[];
}

/** Replaces every interpolation of a tree by its value. Errors are collected, one for each key. */
export function resolveTree(root: MapNode, context: ResolveContext): Resolved {
  const resolver = new Resolver(root, context);
  const value = resolver.resolveAll() as { [key: string]: Plain };
  return { value, errors: resolver.errors, warnings: [...resolver.warnings] };
}

interface Known {
  readonly value: Plain;
  readonly timely: boolean;
}

class Resolver {
  readonly errors: { path: Path; error: HeldoutError }[] = [];
  readonly warnings = new Set<string>();
  private readonly known = new Map<string, Known>();
  private readonly active: string[] = [];
  /** Whether the value being resolved depends on the time. */
  private timely = false;

  constructor(
    private readonly root: MapNode,
    private readonly context: ResolveContext,
  ) {}

  resolveAll(): Plain {
    return this.collect(this.root, []);
  }

  private collect(node: Node, path: Path): Plain {
    if (node.kind === 'map') {
      return Object.fromEntries(
        [...node.entries].map(([key, child]) => [key, this.collect(child, [...path, key])]),
      );
    }
    if (node.kind === 'list') return node.items.map((item, index) => this.collect(item, [...path, index]));
    if (typeof node.value !== 'string' || !hasInterpolation(node.value)) return node.value;
    try {
      return this.resolveNode(node, path);
    } catch (error) {
      if (!(error instanceof HeldoutError)) throw error;
      this.errors.push({ path, error: this.placeError(error, path) });
      return MISSING;
    }
  }

  private placeError(error: HeldoutError, path: Path): HeldoutError {
    return new HeldoutError({
      code: error.code,
      message: `${formatPath(path)}: ${error.message}`,
      place: formatPlace(nearestNode(this.root, path).place),
      hints: error.hints,
    });
  }

  private resolveNode(node: Node, path: Path): Plain {
    if (node.kind === 'map') {
      const entries = [...node.entries];
      return Object.fromEntries(
        entries.map(([key, child]) => [key, this.resolveNode(child, [...path, key])]),
      );
    }
    if (node.kind === 'list')
      return node.items.map((item, index) => this.resolveNode(item, [...path, index]));
    if (typeof node.value !== 'string' || !hasInterpolation(node.value)) return node.value;
    return this.resolveScalar(node.value, path);
  }

  private resolveScalar(text: string, path: Path): Plain {
    const key = formatPath(path);
    const known = this.known.get(key);
    if (known !== undefined) {
      this.timely ||= known.timely;
      return known.value;
    }
    if (this.active.includes(key)) {
      const circle = [...this.active.slice(this.active.indexOf(key)), key];
      throw new HeldoutError({
        code: 'E_INTERPOLATION_CYCLE',
        message: `the interpolations run in a circle: ${circle.join(' → ')}`,
      });
    }
    const outer = this.timely;
    this.timely = false;
    this.active.push(key);
    try {
      const value = this.evaluateTemplate(parseTemplate(text), path);
      if (this.timely) refuseTime(path);
      this.known.set(key, { value, timely: this.timely });
      return value;
    } finally {
      this.active.pop();
      this.timely ||= outer;
    }
  }

  /** One interpolation alone keeps its type; within text it becomes text. */
  private evaluateTemplate({ parts }: Template, path: Path): Plain {
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && typeof only !== 'string')
      return this.evaluateOne(only, path);
    return parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const value = this.evaluateOne(part, path);
        if (typeof value === 'object' && value !== null) {
          throw failResolver('a map or a list cannot stand inside text');
        }
        return String(value);
      })
      .join('');
  }

  private evaluateOne(part: Interpolation, path: Path): Plain {
    return part.type === 'reference' ? this.follow(part, path) : this.call(part, path);
  }

  private follow(reference: Reference, path: Path): Plain {
    const keys = reference.keys.map((key) => String(this.evaluateTemplate(key, path)));
    const target = this.absolute(reference.up, keys, path);
    const value = this.select(target);
    if (value === undefined) {
      throw new HeldoutError({
        code: 'E_INTERPOLATION_KEY',
        message: `Interpolation key '${formatPath(target)}' not found`,
        hints: suggestPath(this.root, target).map((key) => `did you mean \${${key}}?`),
      });
    }
    if (value === MISSING) {
      throw new HeldoutError({
        code: 'E_INTERPOLATION_MISSING',
        message: `it needs '${formatPath(target)}', which has no value yet`,
        hints: [`type ${formatPath(target)}=VALUE`],
      });
    }
    return value;
  }

  private absolute(up: number, keys: readonly string[], path: Path): string[] {
    if (up === 0) return [...keys];
    if (up > path.length) throw failResolver('the interpolation has more leading dots than there are levels');
    return [...path.slice(0, path.length - up).map(String), ...keys];
  }

  private select(target: readonly string[]): Plain | undefined {
    let node: Node = this.root;
    for (const [index, key] of target.entries()) {
      if (node.kind === 'scalar' && typeof node.value === 'string' && hasInterpolation(node.value)) {
        return selectPlain(this.resolveScalar(node.value, target.slice(0, index)), target.slice(index));
      }
      const next = childOf(node, key);
      if (next === undefined) return undefined;
      node = next;
    }
    return this.resolveNode(node, target);
  }

  private call(call: Call, path: Path): Plain {
    const name = String(this.evaluateTemplate(call.name, path));
    const resolver = RESOLVERS.get(name);
    if (resolver === undefined) {
      throw new HeldoutError({
        code: 'E_RESOLVER',
        message: `there is no resolver '${name}'`,
        hints: [...suggest(name, RESOLVERS.keys()), `resolvers are ${[...RESOLVERS.keys()].join(', ')}`],
      });
    }
    return resolver(
      call.arguments.map((given) => this.evaluateArgument(given, path)),
      this.scope(path),
    );
  }

  private scope(path: Path): Scope {
    return {
      env: this.context.env,
      choices: this.context.choices,
      key: formatPath(path),
      warn: (message) => this.warnings.add(message),
      dependOnTime: () => {
        this.timely = true;
      },
      resolveText: (text) =>
        hasInterpolation(text) ? this.evaluateTemplate(parseTemplate(text), path) : text,
      select: (key) => {
        const dots = /^\.*/.exec(key)?.[0].length ?? 0;
        const keys = key
          .slice(dots)
          .split(/[.[\]]+/)
          .filter((part) => part !== '');
        const value = this.select(this.absolute(dots, keys, path));
        return value === MISSING ? undefined : value;
      },
    };
  }

  private evaluateArgument(given: Argument, path: Path): Plain {
    if (given.type === 'list') return given.items.map((item) => this.evaluateArgument(item, path));
    if (given.type === 'map') {
      const entries = given.entries.map(([key, item]) => [
        String(this.evaluateArgument(key, path)),
        this.evaluateArgument(item, path),
      ]);
      return Object.fromEntries(entries);
    }
    const value = this.evaluateTemplate(given.template, path);
    const plainText = given.template.parts.every((part) => typeof part === 'string');
    if (!given.typed || !plainText || typeof value !== 'string') return value;
    const scalar = readScalar(value);
    return scalar.type === 'null' ? null : scalar.value;
  }
}

function selectPlain(value: Plain, keys: readonly string[]): Plain | undefined {
  let found: Plain | undefined = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as { readonly [key: string]: Plain })[key];
  }
  return found;
}

/** What changes from start to start must stay out of what decides a run. */
function refuseTime(path: Path): void {
  if (path[0] === 'paths' || (path[0] === 'study' && path[1] === 'title')) return;
  throw new HeldoutError({
    code: 'E_INTERPOLATION_TIME',
    message:
      'now can stand only in paths and study.title: elsewhere the same run would be another one each time',
    hints: ['write the value itself'],
  });
}
