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
 * @returns `undefined` if the schema rejects the data or throws
 * @throws SessionError `ERR_SESSION_SCHEMA_ASYNC` if the schema returns a promise
 */
export function validateData(schema: SessionSchema, data: SessionRecord): SessionRecord | undefined {
  const result = validate(schema, data);
  if ('then' in result) throw asynchronous(result);
  if (result.issues !== undefined || !isRecord(result.value)) return undefined;
  return ownCopy(result.value) as SessionRecord;
}

function validate(schema: SessionSchema, data: SessionRecord): SchemaResult | Promise<SchemaResult> {
  try {
    return schema['~standard'].validate(data);
  } catch (error) {
    return { issues: [error] };
  }
}

/** A copy for this session: a schema may return the same default objects each time, or a frozen result. */
function ownCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownCopy);
  if (isPlainObject(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ownCopy(part)]));
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
