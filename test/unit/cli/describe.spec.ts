import { describe, expect, it } from '@jest/globals';
import { describe as describeInspection } from '../../../lib/cli/describe.js';
import type { Inspection } from '../../../lib/cli/inspect.js';
import { NOW } from './support.js';

const INSPECTION: Inspection = {
  cookieName: 'session',
  kinds: ['signed'],
  kid: 'KhkTjF_T',
  facts: {
    id: 'AAECAwQFBgcICQoLDA0ODw',
    createdAt: NOW - 3 * 86_400,
    issuedAt: NOW - 3600,
    expiresAt: NOW + 11 * 86_400,
    data: { user: 'ada', visits: 3 },
  },
  sizes: [214],
  judgement: { verdict: 'accepted' },
};

const OPTIONS = { isJson: false, showValues: false, now: NOW };

/** The lines of an inspection that differs in this. */
function lines(inspection: Partial<Inspection>, options = {}): string[] {
  return describeInspection({ ...INSPECTION, ...inspection }, { ...OPTIONS, ...options }).split('\n');
}

const facts = (more: Inspection['facts']) => ({ facts: { ...INSPECTION.facts, ...more } });

describe('An inspection in lines', () => {
  it('has a line for each thing that is known', () => {
    expect(describeInspection(INSPECTION, OPTIONS)).toBe(
      [
        'cookie   session',
        'kind     signed',
        'kid      KhkTjF_T',
        'id       AAECAwQFBgcICQoLDA0ODw',
        'created  2026-01-01T00:00:00Z (3 days ago)',
        'issued   2026-01-03T23:00:00Z (60 minutes ago)',
        'expires  2026-01-15T00:00:00Z (in 11 days)',
        'size     214 bytes of at most 4096',
        'data     keys: "user", "visits"',
        'verdict  accepted: it is authentic, and its time is not over',
        '',
      ].join('\n'),
    );
  });

  it('has none for what is not known', () => {
    const unknown: Inspection = {
      cookieName: 'session',
      kinds: [],
      kid: undefined,
      facts: {},
      sizes: [12],
      judgement: { verdict: 'rejected', reason: 'malformed' },
    };
    expect(describeInspection(unknown, OPTIONS)).toBe(
      'cookie   session\nkind     unknown\nsize     12 bytes of at most 4096\n' +
        'verdict  rejected, malformed: no known format looks like this: it may be cut, quoted or percent-encoded\n',
    );
  });

  it.each<[number, string]>([
    [0, 'in 0 seconds'],
    [1, 'in 1 second'],
    [-119, '119 seconds ago'],
    [120, 'in 2 minutes'],
    [-7199, '119 minutes ago'],
    [7200, 'in 2 hours'],
    [172_799, 'in 47 hours'],
    [172_800, 'in 2 days'],
    [-31_557_600, '365 days ago'],
    [10 * 31_557_600, 'in 10 years'],
  ])('says of a time %d seconds away: %s', (seconds, words) => {
    const date = new Date((NOW + seconds) * 1000).toISOString().replace('.000', '');
    expect(lines(facts({ expiresAt: NOW + seconds }))).toContain(`expires  ${date} (${words})`);
  });

  it.each([8_640_000_000_001, Number.MAX_SAFE_INTEGER, 2 ** 64, Infinity, Number.NaN])(
    'leaves out a time of %d',
    (issuedAt) => {
      expect(lines(facts({ issuedAt })).filter((line) => line.startsWith('issued'))).toEqual([]);
    },
  );

  it('shows a time with a fraction of a second', () => {
    expect(lines(facts({ createdAt: NOW - 0.5 }))).toContain('created  2026-01-03T23:59:59.500Z (0 seconds ago)');
  });

  it.each<[number[], string]>([
    [[4096], '4096 bytes of at most 4096'],
    [[4097], '4097 bytes of at most 4096: browsers drop such a cookie'],
    [[4096, 4096, 20], '8212 bytes in 3 cookies, the largest has 4096 of at most 4096'],
    [[20, 5000], '5020 bytes in 2 cookies, the largest has 5000 of at most 4096: browsers drop such a cookie'],
  ])('says of the sizes %j: %s', (sizes, words) => {
    expect(lines({ sizes })).toContain(`size     ${words}`);
  });

  it.each<[string, Partial<Inspection>, string | undefined]>([
    ['no keys', facts({ data: {} }), 'data     no keys'],
    ['the text of a serializer', facts({ data: '[{}]' }), 'data     4 characters of a serializer'],
    [
      'what is encrypted',
      { kinds: ['encrypted'], ...facts({ data: undefined }) },
      'data     encrypted: only its secret opens it',
    ],
    [
      'a fernet',
      { kinds: ['asgi-sessions fernet'], ...facts({ data: undefined }) },
      'data     encrypted: only its secret opens it',
    ],
    ['what cannot be read', facts({ data: undefined }), undefined],
    ['awkward keys', facts({ data: { 'a"\u001b[2J': 1 } }), 'data     keys: "a\\"\\u001b[2J"'],
  ])('describes data: %s', (_, inspection, line) => {
    expect(lines(inspection).find((each) => each.startsWith('data'))).toBe(line);
  });

  it('names both formats where only the secret can tell', () => {
    expect(lines({ kinds: ['starlette', 'flask'] })).toContain('kind     starlette or flask');
  });

  it('shows values below, when it is asked to', () => {
    const without = describeInspection(INSPECTION, OPTIONS);
    const shown = describeInspection(INSPECTION, { ...OPTIONS, showValues: true });
    expect(shown).toBe(`${without}\n{\n  "user": "ada",\n  "visits": 3\n}\n`);
    const unreadable = { ...INSPECTION, facts: {} };
    expect(describeInspection(unreadable, { ...OPTIONS, showValues: true })).toBe(
      describeInspection(unreadable, OPTIONS),
    );
  });

  it('escapes whatever a terminal could act on in values', () => {
    const shown = lines(facts({ data: { a: '\u009b2J\u202e\n' } }), { showValues: true });
    expect(shown).toContain('  "a": "\\u009b2J\\u202e\\n"');
  });
});

/** The JSON of an inspection that differs in this. */
function json(inspection: Partial<Inspection>, options = {}): object {
  return JSON.parse(
    describeInspection({ ...INSPECTION, ...inspection }, { ...OPTIONS, isJson: true, ...options }),
  ) as object;
}

describe('An inspection as JSON', () => {
  it('has always the same members, but for the data', () => {
    const expected = {
      verdict: 'accepted',
      reason: null,
      why: 'it is authentic, and its time is not over',
      cookie: 'session',
      kinds: ['signed'],
      kid: 'KhkTjF_T',
      id: 'AAECAwQFBgcICQoLDA0ODw',
      created: '2026-01-01T00:00:00Z',
      issued: '2026-01-03T23:00:00Z',
      expires: '2026-01-15T00:00:00Z',
      size: { bytes: 214, cookies: 1, largest: 214, limit: 4096 },
      keys: ['user', 'visits'],
    };
    expect(json({})).toEqual(expected);
    expect(Object.keys(json({ facts: {}, kinds: [], kid: undefined }))).toEqual(Object.keys(expected));
    expect(json({}, { showValues: true })).toEqual({ ...expected, data: { user: 'ada', visits: 3 } });
    expect(json({ facts: {} }, { showValues: true })).toMatchObject({ data: null });
  });

  it('is the same text when parsed, whatever is escaped in it', () => {
    const data = { '\u001b"': ['\u009b2J\u202e\u2028\n\\', 'ü 🍪'] };
    expect(json(facts({ data }), { showValues: true })).toMatchObject({ keys: Object.keys(data), data });
  });
});
