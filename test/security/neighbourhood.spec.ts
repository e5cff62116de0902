import { describe, expect, it } from '@jest/globals';
import type { SessionCodec } from '../../lib/codec/session-codec.js';
import { anyEdit, oneEdit } from './support/edits.js';
import { headerOf } from './support/headers.js';
import { ID, type Mode, MODES, settingsFor } from './support/modes.js';
import { cases, Random, report } from './support/run.js';

const TOKENS = cases(2, 12);
const TWO_EDITS = cases(10_000, 50_000);
const HEADERS = cases(10_000, 200_000);

const CLAIMS = { jti: ID, iat: 1_767_225_600, exp: 1_768_435_200 };

/** What a codec made of texts that are no token of ours. */
class Tally {
  readonly accepted: string[] = [];
  readonly thrown: string[] = [];
  readonly reasons = new Map<string, number>();
  count = 0;

  try(codec: SessionCodec, text: string): void {
    this.count++;
    try {
      const result = codec.unseal(text);
      if (result.ok) this.accepted.push(text);
      else this.reasons.set(result.reason, (this.reasons.get(result.reason) ?? 0) + 1);
    } catch {
      this.thrown.push(text);
    }
  }

  get text(): string {
    const reasons = Array.from(this.reasons, ([reason, count]) => `${count} ${reason}`).join(', ');
    return `${this.accepted.length} accepted, ${this.thrown.length} thrown, ${reasons}`;
  }
}

/** Data of several lengths, so that each number of spare bits occurs. */
const dataFor = (at: number) => JSON.stringify({ user: 'ada'.slice(0, at % 4), n: 'x'.repeat(at) });

/** A large token in the cookies that carry it. */
function inCookies(mode: Mode, length: number) {
  const settings = settingsFor(mode, { cookieCount: 4 });
  const token = settings.codec.seal(CLAIMS, JSON.stringify({ text: 'Zoë '.repeat(length / 5) }));
  const written = settings.cookie.serialize(token, 60, false, undefined);
  if (!written.ok) throw new Error('The token does not fit.');
  return { ...settings, token, header: headerOf(written.lines) };
}

describe.each(MODES)('A token, %s', (mode) => {
  it('is worth nothing after one edit or two', () => {
    const { codec } = settingsFor(mode);
    const random = new Random(mode);
    const tally = new Tally();
    for (let at = 0; at < TOKENS; at++) {
      const token = codec.seal(CLAIMS, dataFor(at));
      expect(codec.unseal(token).ok).toBe(true);
      const variants = new Set(oneEdit(token));
      const goal = variants.size + TWO_EDITS;
      while (variants.size < goal) variants.add(anyEdit(anyEdit(token, random), random));
      variants.delete(token);
      for (const variant of variants) tally.try(codec, variant);
    }
    report(`${mode}: ${tally.count} variants of ${TOKENS} tokens: ${tally.text}`);
    expect([tally.accepted, tally.thrown]).toEqual([[], []]);
    expect(tally.count).toBeGreaterThanOrEqual(cases(30_000, 1_000_000));
  });

  it('is worth nothing after an edit within its cookies or between them', () => {
    const { codec, cookie, token, header } = inCookies(mode, 6000);
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
      for (const candidate of cookie.read(text)) if (candidate !== token) tally.try(codec, candidate);
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
          if (candidate !== ours.token && candidate !== others.token) tally.try(ours.codec, candidate);
        }
      }
    }
    report(`${mode}, mixed with cookies of another token: ${tally.count} texts: ${tally.text}`);
    expect([tally.accepted, tally.thrown]).toEqual([[], []]);
    expect(tally.count).toBeGreaterThan(10);
  });
});
