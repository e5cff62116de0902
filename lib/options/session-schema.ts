import { isPlainObject, isRecord, type SessionRecord } from '../data/session-data.js';
import { SessionError } from '../session.errors.js';

/**
 * A schema of zod, valibot, arktype or any other implementation of Standard Schema (https://standardschema.dev,
 * version 1): the part that is needed here.
 */
export interface SessionSchema<T extends object = object> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

type SchemaResult = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly unknown[] };

/** The data that a schema describes: `Session<InferSession<typeof schema>>`. */
export type InferSession<S extends SessionSchema> = NonNullable<S['~standard']['types']>['output'];

/**
 * Validates the data of a session and returns the schema's result: a transform may migrate an older shape.
 *
 * @returns `undefined` if the schema rejects the data, throws, or returns anything that is not a result with plain data
 * @throws SessionError `ERR_SESSION_SCHEMA_ASYNC` if the schema returns a promise
 */
export function validateData(schema: SessionSchema, data: SessionRecord): SessionRecord | undefined {
  let result: unknown;
  try {
    result = schema['~standard'].validate(data);
    if (!isPromise(result)) return valueOf(result);
  } catch {
    return undefined;
  }
  throw asynchronous(result);
}

/** May throw: getters of a result are the schema's code. */
function valueOf(result: unknown): SessionRecord | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { issues, value } = result as { readonly issues?: unknown; readonly value?: unknown };
  return issues === undefined && isRecord(value) ? (ownCopy(value, new Map()) as SessionRecord) : undefined;
}

/** Whether a value is a promise, of whatever library. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * A copy for this session: a schema may return the same default objects each time, or a frozen result.
 *
 * @param copies the objects that are copied already, because some serializers can carry a value that contains itself
 */
function ownCopy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const part of value as readonly unknown[]) list.push(ownCopy(part, copies));
    return list;
  }
  if (isPlainObject(value)) {
    const record: SessionRecord = {};
    copies.set(value, record);
    for (const [key, part] of Object.entries(value)) {
      const copy = ownCopy(part, copies);
      Object.defineProperty(record, key, { value: copy, writable: true, enumerable: true, configurable: true });
    }
    return record;
  }
  return value instanceof Date || value instanceof Map || value instanceof Set ? structuredClone(value) : value;
}

function asynchronous(result: PromiseLike<unknown>): SessionError {
  // An unhandled rejection would end the process.
  result.then(undefined, () => undefined);
  return new SessionError(
    'ERR_SESSION_SCHEMA_ASYNC',
    'Cannot validate the session: its schema validates asynchronously, and a session is loaded synchronously, at its ' +
      'first touch. Use a schema without asynchronous checks and transforms.',
  );
}
