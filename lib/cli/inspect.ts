import { isRecord } from '../data/session-data.js';
import { DEFAULTS } from '../options/defaults.js';
import { type Candidate, findCandidates } from './cookie-input.js';
import { judge } from './judge.js';
import type { Judgement, JudgeOptions } from './judgement.js';
import { UsageError } from './parse-arguments.js';
import type { TokenFacts, TokenKind } from './token-facts.js';

/** Options of {@link inspect}. */
export interface InspectOptions extends JudgeOptions {
  /** Name of the cookie. @default "session", or the first cookie that looks like a session */
  readonly cookieName?: string | undefined;
}

/** What is known of a session cookie. */
export interface Inspection {
  readonly cookieName: string;
  /** Several where only the secret can tell, none for a cookie of no known format. */
  readonly kinds: readonly TokenKind[];
  /** Name of the key, in our own formats. */
  readonly kid: string | undefined;
  readonly facts: TokenFacts;
  /** Bytes of each of its cookies. */
  readonly sizes: readonly number[];
  readonly judgement: Judgement;
}

/**
 * Inspects the session in a cookie's value, a Cookie header or Set-Cookie lines: of several valid ones that which was issued
 * last, as an application does.
 *
 * @throws UsageError if the text has no cookie
 * @throws SessionError for a secret with which an application would not start
 */
export function inspect(text: string, options: InspectOptions): Inspection {
  const judged = findCandidates(text, options.cookieName).map((candidate) => ({
    candidate,
    judgement: judge(candidate, options),
  }));
  const { maxAge = DEFAULTS.maxAge } = options;
  const accepted = judged
    .filter(({ judgement }) => judgement.verdict === 'accepted')
    .toSorted((a, b) => startOf(b) - startOf(a) || lastIssueOf(b, maxAge) - lastIssueOf(a, maxAge));
  const chosen = accepted[0] ?? judged.find(({ candidate }) => candidate.recognised !== undefined) ?? judged[0];
  if (chosen === undefined) {
    const which = options.cookieName === undefined ? 'no cookie' : `no cookie called "${options.cookieName}"`;
    throw new UsageError(`Cannot inspect: there is ${which} in what was given. Give its value, or name=value.`);
  }
  return inspectionOf(chosen, options.maxAge);
}

interface Judged {
  readonly candidate: Candidate;
  readonly judgement: Judgement;
}

function startOf({ judgement: { facts } }: Judged): number {
  return facts?.createdAt ?? facts?.issuedAt ?? 0;
}

/** Of one session's cookies the later issue counts, as in `Lifetime.isOlder`. */
function lastIssueOf({ judgement: { facts } }: Judged, maxAge: number): number {
  return (facts?.expiresAt ?? 0) - (facts?.ttl ?? maxAge);
}

function inspectionOf({ candidate, judgement }: Judged, maxAge: number | undefined): Inspection {
  const { cookieName, recognised, sizes } = candidate;
  const facts = { ...recognised?.facts, ...judgement.facts };
  const issuedAt = facts.issuedAt ?? issueOf(facts, maxAge);
  const kinds = judgement.kind === undefined ? (recognised?.kinds ?? []) : [judgement.kind];
  return { cookieName, kinds, kid: recognised?.kid, facts: { ...facts, issuedAt }, sizes, judgement };
}

/** Our tokens say when they end, not when they were issued. */
function issueOf({ createdAt, expiresAt, ttl }: TokenFacts, maxAge: number | undefined): number | undefined {
  const lifetime = ttl ?? maxAge;
  if (createdAt === undefined || expiresAt === undefined || lifetime === undefined) return undefined;
  return Math.max(createdAt, expiresAt - lifetime);
}

/** Names of what a session holds; `undefined` where they cannot be read. */
export function keysOf({ data }: TokenFacts): readonly string[] | undefined {
  return isRecord(data) ? Object.keys(data) : undefined;
}
