/** What every message to the user is made of: what happened, where, and what to type next. */
export interface ErrorParts {
  /** Stable machine-readable name, e.g. `E_CONFIG_UNKNOWN_KEY`. */
  readonly code: string;
  /** One sentence: what happened. */
  readonly message: string;
  /** `configs/model/cnn.yaml:7:5`, `command line, argument 3`, or a path. */
  readonly place?: string;
  /** Up to three things to type or do next. */
  readonly hints?: readonly string[];
  /** 1: a run failed; 2: bad usage or config; 130: interrupted. */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

export type ExitCode = 0 | 1 | 2 | 130;

/** An error that is meant for the user; anything else that is thrown is a defect of Heldout. */
export class HeldoutError extends Error {
  readonly code: string;
  readonly place: string | undefined;
  readonly hints: readonly string[];
  readonly exitCode: ExitCode;

  constructor(parts: ErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'HeldoutError';
    this.code = parts.code;
    this.place = parts.place;
    this.hints = parts.hints ?? [];
    this.exitCode = parts.exitCode ?? 2;
  }
}

/** Several independent errors reported at once (a config with three wrong keys). */
export class HeldoutErrors extends HeldoutError {
  readonly errors: readonly HeldoutError[];

  constructor(errors: readonly HeldoutError[]) {
    super({
      code: errors[0]?.code ?? 'E_UNKNOWN',
      message: errors.map((error) => error.message).join('\n'),
      exitCode: errors[0]?.exitCode ?? 2,
    });
    this.errors = errors;
  }
}

/**
 * The text a user sees: one block per error, hints indented below it. A defect of Heldout is one sentence,
 * with its stack only on request.
 */
export function formatError(error: unknown, options: { readonly stack?: boolean } = {}): string {
  if (error instanceof HeldoutErrors)
    return error.errors.map((each) => formatError(each, options)).join('\n\n');
  if (error instanceof HeldoutError) {
    const head = error.place === undefined ? error.message : `${error.place}: ${error.message}`;
    return [`error: ${head}`, ...error.hints.map((hint) => `  → ${hint}`)].join('\n');
  }
  if (options.stack === true && error instanceof Error) {
    return `internal error: ${error.stack ?? error.message}`;
  }
  return `internal error: ${String(error)}\n  → this is a defect of Heldout; the same command with --debug shows where`;
}
