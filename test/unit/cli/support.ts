import { readFileSync } from 'node:fs';
import { type ExitCode, run } from '../../../lib/cli/run.js';

/** What a run of the program has left. */
export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** A NumericDate in seconds. */
  readonly now?: number;
}

/** Runs the command line in this process. */
export async function runWith(
  args: readonly string[],
  { env = {}, stdin = '', now = NOW }: RunOptions = {},
): Promise<Ran> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    env,
    stdin: inPieces(Buffer.from(stdin as string)),
    now: now * 1000,
    print: (text) => (out += text),
    complain: (text) => (err += text),
  });
  return { code, out, err };
}

/** As a pipe delivers it: cut anywhere, also inside a character. */
async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_521) yield bytes.subarray(at, at + 65_521);
}

/** What `inspect --json` prints. */
export interface Printed {
  readonly verdict: 'accepted' | 'rejected' | 'unchecked';
  readonly reason: string | null;
  readonly why: string;
  readonly cookie: string;
  readonly kinds: readonly string[];
  readonly kid: string | null;
  readonly id: string | null;
  readonly created: string | null;
  readonly issued: string | null;
  readonly expires: string | null;
  readonly size: { readonly bytes: number; readonly cookies: number; readonly largest: number; readonly limit: number };
  readonly keys: readonly string[] | null;
  readonly data?: unknown;
}

/** Inspects a cookie, with JSON as the result. @param secrets newest first */
export async function inspected(
  cookie: string,
  secrets: readonly string[] = [],
  args: readonly string[] = [],
  now = NOW,
): Promise<Printed & { readonly code: ExitCode }> {
  const [one = '', ...older] = secrets;
  const env = older.length > 0 ? { SESSION_SECRETS: secrets.join() } : { SESSION_SECRET: one };
  const { code, out, err } = await runWith(['inspect', '--json', ...args, '--', cookie], { env, now });
  if (err !== '') throw new Error(err);
  return { ...(JSON.parse(out) as Printed), code };
}

/** A recorded token of ours. */
export interface TokenVector {
  readonly description: string;
  readonly secret: string;
  readonly cookieName: string;
  readonly kid: string;
  readonly claims: { readonly jti: string; readonly iat: number; readonly exp: number; readonly ttl?: number };
  readonly data: unknown;
  readonly token: string;
}

/** A recorded cookie of another package. */
export interface ForeignVector {
  readonly format: string;
  readonly description: string;
  readonly data: Record<string, unknown>;
  readonly secret: string;
  readonly now: number;
  readonly values: readonly [string, string?];
}

/** The recorded cookies of test/vectors/. */
export function vectorsOf(file: 'signed-v1' | 'encrypted-v1'): readonly [TokenVector, ...TokenVector[]];
export function vectorsOf(file: 'interop'): readonly [ForeignVector, ...ForeignVector[]];
export function vectorsOf(file: string): unknown {
  const text = readFileSync(new URL(`../../vectors/${file}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { vectors: unknown }).vectors;
}

/** Between the times of the recorded tokens: 2026-01-04. */
export const NOW = 1_767_484_800;
