import { describe, expect, it } from '@jest/globals';
import { START } from '../support/clock.js';
import { anyEdit, oneEdit } from './support/edits.js';
import { headerOf } from './support/headers.js';
import { type Mode, MODES, settingsFor } from './support/modes.js';
import { type Opener, OPENERS, ownOpener, type Values } from './support/openers.js';
import { cases, Random, report } from './support/run.js';

const TWO_EDITS = cases(10_000, 50_000);
const HEADERS = cases(10_000, 200_000);

/** Data of several lengths, so that each number of spare bits occurs; one of them is long enough for Flask to compress. */
const SESSIONS: readonly object[] = [
  {},
  { user: 'ad' },
  { user: 'adam', text: 'again and '.repeat(20) },
  ...Array.from({ length: cases(0, 9) }, (_, at) => ({ user: 'ada'.slice(0, at % 4), n: 'x'.repeat(at) })),
];

/** What came of values that are no cookie of ours. */
class Tally {
  readonly accepted: Values[] = [];
  readonly thrown: Values[] = [];
  readonly reasons = new Map<string, number>();
  count = 0;

  try({ open }: Opener, ...values: Values): void {
    this.count++;
    try {
      const result = open(values);
      if (result.ok) this.accepted.push(values);
      else this.reasons.set(result.reason, (this.reasons.get(result.reason) ?? 0) + 1);
    } catch {
      this.thrown.push(values);
    }
  }

  get text(): string {
    const reasons = Array.from(this.reasons, ([reason, count]) => `${count} ${reason}`).join(', ');
    return `${this.accepted.length} accepted, ${this.thrown.length} thrown, ${reasons}`;
  }
}

describe.each(OPENERS)('A cookie, $name', (opener) => {
  const { name, seal, open } = opener;
  const random = new Random(name);

  it('is worth nothing after one edit or two, of it or of its companion', () => {
    const tally = new Tally();
    for (const session of SESSIONS) {
      const values = seal(session);
      expect(open(values)).toMatchObject({ ok: true, data: session });
      for (const [index, value] of values.entries()) {
        const variants = new Set(oneEdit(value));
        const goal = variants.size + TWO_EDITS;
        while (variants.size < goal) variants.add(anyEdit(anyEdit(value, random), random));
        variants.delete(value);
        for (const variant of variants) tally.try(opener, ...(values.with(index, variant) as [string, ...string[]]));
      }
    }
    report(`${name}: ${tally.count} variants of ${SESSIONS.length} cookies: ${tally.text}`);
    expect([tally.accepted, tally.thrown]).toEqual([[], []]);
    expect(tally.count).toBeGreaterThanOrEqual(cases(30_000, 1_000_000));
  });

  it('is worth nothing with a part of another one', () => {
    const [one, other] = [seal({ user: 'ada' }), seal({ user: 'bob' }, START - 1)];
    const [ours, theirs] = [one.join('.').split('.'), other.join('.').split('.')];
    for (const [index, part] of theirs.entries()) {
      // Equal parts, such as the header of a JWT, make no difference.
      if (ours.length === 1 || ours[index] === part) continue;
      const mixed = ours.with(index, part);
      const [first = '', ...rest] = one.length > 1 ? mixed : [mixed.join('.')];
      expect(open([first, ...rest])).toEqual({ ok: false, reason: 'tampered' });
    }
  });
});

/** A large token in the cookies that carry it. */
function inCookies(mode: Mode, length: number) {
  const settings = settingsFor(mode, { cookieCount: 4 });
  const [token] = ownOpener(mode).seal({ text: 'Zoë '.repeat(length / 5) });
  const written = settings.cookie.serialize(token, 60, false, undefined);
  if (!written.ok) throw new Error('The token does not fit.');
  return { ...settings, token, header: headerOf(written.lines) };
}

describe.each(MODES)('A token in several cookies, %s', (mode) => {
  const opener = ownOpener(mode);

  it('is worth nothing after an edit within its cookies or between them', () => {
    const { cookie, token, header } = inCookies(mode, 6000);
    const random = new Random(`${mode} in cookies`);
    const tally = new Tally();
    const borders = Array.from(header.matchAll(/; session/g), ({ index }) => index);
    expect(borders.length).toBeGreaterThan(0);
    const nearBorder = (text: string) => {
      const at = Math.max(0, random.pick([0, ...borders]) - 10 + random.below(30));
      return text.slice(0, at) + anyEdit(text.slice(at, at + 15), random) + text.slice(at + 15);
    };
    for (let at = 0; at < HEADERS; at++) {
      const text = random.below(2) === 0 ? anyEdit(header, random) : nearBorder(header);
      // A blank more, or a border elsewhere: what comes out is still the token, letter by letter.
      for (const candidate of cookie.read(text)) if (candidate !== token) tally.try(opener, candidate);
    }
    report(`${mode}, in several cookies: ${HEADERS} Cookie headers, ${tally.count} texts out of them: ${tally.text}`);
    expect([tally.accepted, tally.thrown]).toEqual([[], []]);
    expect(tally.count).toBeGreaterThanOrEqual(HEADERS * 0.8);
  });

  it('is worth nothing when its cookies are mixed with those of another token', () => {
    const [ours, others] = [inCookies(mode, 6000), inCookies(mode, 7000)];
    const [our, other] = [ours.header.split('; '), others.header.split('; ')];
    const tally = new Tally();
    for (const [at, pair] of our.entries()) {
      const headers = [our.with(at, other[at] ?? ''), our.toSpliced(at, 1), other.with(at, pair)];
      for (const [index, text] of our.entries()) {
        const [name, value] = [pair.split('=')[0] ?? '', text.slice(text.indexOf('=') + 1)];
        headers.push(our.with(at, `${name}=${value}`), [...our, `session.${our.length}=${value}`]);
        headers.push(our.toSpliced(index, 0, `${name}=${other[at]?.split('=')[1]}`));
      }
      for (const header of headers) {
        for (const candidate of ours.cookie.read(header.join('; '))) {
          if (candidate !== ours.token && candidate !== others.token) tally.try(opener, candidate);
        }
      }
    }
    report(`${mode}, mixed with cookies of another token: ${tally.count} texts: ${tally.text}`);
    expect([tally.accepted, tally.thrown]).toEqual([[], []]);
    expect(tally.count).toBeGreaterThan(10);
  });
});
