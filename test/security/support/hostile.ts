import type { Random } from './run.js';

const VISIBLE = Array.from({ length: 0x7f - 0x20 }, (_, at) => String.fromCharCode(0x20 + at)).join('');
/** What a header may carry (RFC 9110 §5.5): a tab, ASCII, and bytes that Node reads as Latin-1. */
const ALLOWED = `\t${VISIBLE}${Array.from({ length: 0x80 }, (_, at) => String.fromCharCode(0x80 + at)).join('')}`;
const WITHOUT_SEMICOLON = ALLOWED.replace(';', '');

const ALIKE = [
  'Session',
  'SESSION',
  'xsession',
  'session2',
  'session_',
  'session.x',
  'session.01',
  'session.-1',
  'session.99',
  '"session"',
  '$session',
  'session\u00a0',
  '\u00a0session',
  'session[]',
  'session%3D',
  '%73ession',
  'x session',
  'session.',
  '.session',
  'sess\u00a0ion',
  'session.1.1',
  'session.1e0',
  '__Host-session',
  'session session',
];
const ODD = [
  '',
  ' ',
  '=',
  ';',
  ';;;',
  '==',
  '"',
  '"";',
  '; ',
  '\t',
  'a',
  '=;=;',
  'a="x',
  '\\',
  '$Version=1',
  'a=b=c',
  ',',
];

/** Somebody else's pairs, of which none is a cookie of ours. */
export function junk(random: Random): string {
  switch (random.below(7)) {
    case 0:
      return random.pick(ODD as [string, ...string[]]);
    case 1:
      return `${random.pick(ALIKE as [string, ...string[]])}=${random.text(WITHOUT_SEMICOLON, 60)}`;
    case 2:
      return `${random.pick(ALIKE as [string, ...string[]])}="${random.text(WITHOUT_SEMICOLON, 20)}"`;
    case 3:
      return withoutOurs(random.text(ALLOWED, 200));
    case 4:
      return `theme=session=${random.text(WITHOUT_SEMICOLON, 30)}`;
    case 5:
      return `n${random.below(1000)}=${'x'.repeat(random.below(random.below(4) === 0 ? 2000 : 50))}`;
    default:
      return withoutOurs(random.text(WITHOUT_SEMICOLON, 12).replaceAll('=', ''));
  }
}

/** A cookie of our name that is no session. */
export function duplicate(random: Random, token: string): string {
  const at = random.below(token.length);
  const values: readonly [string, ...string[]] = [
    '',
    'junk',
    `"${token}"`,
    encodeURIComponent(`${token};`),
    token.slice(0, at),
    token.slice(at + 1),
    `${token}=`,
    `${token.slice(0, at)}\u00a0${token.slice(at)}`,
    random.text(WITHOUT_SEMICOLON, 100),
    '.'.repeat(random.below(500)),
    'x'.repeat(random.below(5000)),
    'eyJhbGciOiJub25lIn0.e30.',
  ];
  return `${' '.repeat(random.below(3))}session=${random.pick(values)}`;
}

/**
 * Pairs around the valid cookie, or the valid cookies: at most three of our name before it, any number behind.
 * @param strays names of chunks that are not there: up to four cookies of each
 * @returns at most 12000 characters
 */
export function hostileHeader(
  random: Random,
  token: string,
  strays: readonly string[],
  valid = `session=${token}`,
): string {
  const many = (make: () => string, most: number) => Array.from({ length: random.below(most + 1) }, make);
  const ours = many(() => duplicate(random, token), 3);
  const behind = [
    ...many(() => duplicate(random, token), 5),
    ...strays.flatMap((name) => many(() => `${name}=${random.text('aB.-', 40)}`, 4)),
  ];
  const mixed = (pairs: readonly string[]) => pairs.flatMap((pair) => [...many(() => junk(random), 3), pair]);
  const separator = random.pick(['; ', ';', ' ; ', ';\t', ';;', '; ; ']);
  const around = [...mixed(ours), valid, ...mixed(behind)];
  const header = around.join(separator);
  if (header.length < 12_000) return header;
  return [...ours, valid].join(separator).slice(-12_000);
}

function withoutOurs(text: string): string {
  return text.replaceAll('session', 'x');
}
