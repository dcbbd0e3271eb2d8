/** What went wrong, in terms that every transport can map to a status of its own. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'precondition_failed'
  | 'precondition_required'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unimplemented'
  | 'upstream_failed'
  | 'unavailable'
  | 'upstream_timeout'
  | 'internal';

/** Who has to act for the error to go away. */
export type Blame = 'caller' | 'plugin' | 'upstream' | 'platform';

/** One fault in a document: a JSON pointer (RFC 6901) and a sentence that says what to do. */
export interface Fault {
  pointer: string;
  message: string;
}

export interface ErrorDefinition {
  kind: ErrorKind;
  blame: Blame;
  /** Safe to show to anyone. */
  message: string;
}

export interface ErrorOptions {
  cause?: unknown;
  /** A sentence about this one occurrence. Safe to show, like the message. */
  detail?: string;
  faults?: readonly Fault[];
}

/** An expected failure with a stable `code`. Compare by `code`: two copies of a package have two classes. */
export class SluiceError extends Error {
  override readonly name = 'SluiceError';

  constructor(
    readonly code: string,
    readonly definition: ErrorDefinition,
    /** For the log, never for the caller. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options: ErrorOptions = {},
  ) {
    super(options.detail ?? definition.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.detail = options.detail;
    this.faults = options.faults ?? [];
  }

  readonly detail: string | undefined;
  readonly faults: readonly Fault[];

  get kind(): ErrorKind {
    return this.definition.kind;
  }

  get blame(): Blame {
    return this.definition.blame;
  }
}

export type ErrorFactory = new (details?: Readonly<Record<string, unknown>>, options?: ErrorOptions) => SluiceError;

export type ErrorCatalogue<K extends string = string> = Readonly<Record<K, ErrorFactory>> & {
  /** Every definition by its full code, for the documentation test. */
  readonly definitions: ReadonlyMap<string, ErrorDefinition>;
};

/**
 * One catalogue of errors per domain. `defineErrors('plugin', { notLoaded: … })` gives
 * `new pluginErrors.notLoaded(details)` with code `plugin.notLoaded`.
 */
export function defineErrors<K extends string>(domain: string, definitions: Record<K, ErrorDefinition>): ErrorCatalogue<K> {
  const byCode = new Map<string, ErrorDefinition>();
  const catalogue: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries<ErrorDefinition>(definitions)) {
    const code = `${domain}.${name}`;
    byCode.set(code, definition);
    catalogue[name] = class extends SluiceError {
      constructor(details?: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
        super(code, definition, details, options);
      }
    };
  }
  return Object.freeze({ ...catalogue, definitions: byCode }) as ErrorCatalogue<K>;
}

/** True for an error of this family, whichever copy of the package made it. */
export function isSluiceError(error: unknown): error is SluiceError {
  return error instanceof Error && error.name === 'SluiceError' && typeof (error as SluiceError).code === 'string';
}
