import { LAST_SECOND } from '../codec/claims.js';
import { MAX_COOKIE_SIZE } from '../cookie/set-cookie.js';
import { printable, quote } from '../data/quote.js';
import { explain } from './explain.js';
import { type Inspection, keysOf } from './inspect.js';

/** How an inspection is printed. */
export interface DescribeOptions {
  /** JSON instead of lines. */
  readonly isJson: boolean;
  /** Shows what the session holds, not only its keys. */
  readonly showValues: boolean;
  /** A NumericDate in seconds. */
  readonly now: number;
}

/** What `inspect` prints. Whatever a cookie holds, nothing in it reaches a terminal as a control character. */
export function describe(inspection: Inspection, options: DescribeOptions): string {
  return options.isJson ? describeJson(inspection, options) : describeLines(inspection, options);
}

function describeJson(inspection: Inspection, { showValues }: DescribeOptions): string {
  const { cookieName, kinds, kid, facts, sizes, judgement } = inspection;
  const json = {
    verdict: judgement.verdict,
    reason: judgement.reason ?? null,
    why: explain(inspection),
    cookie: cookieName,
    kinds,
    kid: kid ?? null,
    id: facts.id ?? null,
    created: isoDate(facts.createdAt) ?? null,
    issued: isoDate(facts.issuedAt) ?? null,
    expires: isoDate(facts.expiresAt) ?? null,
    size: { bytes: sum(sizes), cookies: sizes.length, largest: Math.max(...sizes), limit: MAX_COOKIE_SIZE },
    keys: keysOf(facts) ?? null,
    ...(showValues && { data: facts.data ?? null }),
  };
  return printableLines(json);
}

function describeLines(inspection: Inspection, { showValues, now }: DescribeOptions): string {
  const { cookieName, kinds, kid, facts, sizes, judgement } = inspection;
  const { verdict, reason } = judgement;
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    ['cookie', cookieName],
    ['kind', kinds.length === 0 ? 'unknown' : kinds.join(' or ')],
    ['kid', kid],
    ['id', facts.id],
    ['created', timeOf(facts.createdAt, now)],
    ['issued', timeOf(facts.issuedAt, now)],
    ['expires', timeOf(facts.expiresAt, now)],
    ['size', sizeOf(sizes)],
    ['data', dataOf(inspection)],
    ['verdict', `${verdict}${reason === undefined ? '' : `, ${reason}`}: ${explain(inspection)}`],
  ];
  const lines = rows.flatMap(([label, text]) => (text === undefined ? [] : [`${label.padEnd(9)}${text}\n`]));
  const values = showValues && facts.data !== undefined ? `\n${printableLines(facts.data)}` : '';
  return lines.join('') + values;
}

function dataOf({ facts, kinds }: Inspection): string | undefined {
  if (typeof facts.data === 'string') return `${facts.data.length} characters of a serializer`;
  const keys = keysOf(facts);
  if (keys !== undefined) return keys.length === 0 ? 'no keys' : `keys: ${keys.map(quote).join(', ')}`;
  const isEncrypted = kinds[0] === 'encrypted' || kinds[0] === 'asgi-sessions fernet';
  return isEncrypted ? 'encrypted: only its secret opens it' : undefined;
}

function sizeOf(sizes: readonly number[]): string {
  const largest = Math.max(...sizes);
  const drop = largest > MAX_COOKIE_SIZE ? ': browsers drop such a cookie' : '';
  if (sizes.length === 1) return `${largest} bytes of at most ${MAX_COOKIE_SIZE}${drop}`;
  const of = `the largest has ${largest} of at most ${MAX_COOKIE_SIZE}`;
  return `${sum(sizes)} bytes in ${sizes.length} cookies, ${of}${drop}`;
}

function timeOf(seconds: number | undefined, now: number): string | undefined {
  const date = isoDate(seconds);
  return date === undefined || seconds === undefined ? undefined : `${date} (${distance(seconds - now)})`;
}

/** `undefined` for a time that `Date` cannot hold: some foreign formats have 64 bits for it, or any text. */
function isoDate(seconds: number | undefined): string | undefined {
  if (seconds === undefined || !(Math.abs(seconds) <= LAST_SECOND)) return undefined;
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

const WORDS = new Intl.RelativeTimeFormat('en');

/** `in 3 days`, `20 minutes ago`. */
function distance(seconds: number): string {
  const units = [
    ['year', 31_557_600],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [unit, length] = units.find(([, each]) => Math.abs(seconds) >= 2 * each) ?? (['second', 1] as const);
  return WORDS.format(Math.trunc(seconds / length), unit);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** JSON has line breaks between its values only: those inside are escaped already. */
function printableLines(value: unknown): string {
  const lines = JSON.stringify(value, undefined, 2).split('\n');
  return `${lines.map(printable).join('\n')}\n`;
}
