import { describe, expect, it } from '@jest/globals';
import { anyEdit, oneEdit } from '../security/support/edits.js';
import { cases, Random, SEED } from '../security/support/run.js';
import { formatFor, NAMES, NOW, open, type Values, write } from './support/formats.js';

const TWO_EDITS = cases(5000, 50_000);
const SESSIONS = [{}, { user: 'ada' }, { user: 'adam', text: 'again and '.repeat(20) }];

describe.each(NAMES)('A cookie of %s', (name) => {
  const format = formatFor(name);
  const random = new Random(name);
  const failed = { accepted: [] as Values[], thrown: [] as Values[] };
  let count = 0;

  const attempt = (values: Values) => {
    count++;
    try {
      if (open(format, values).ok) failed.accepted.push(values);
    } catch {
      failed.thrown.push(values);
    }
  };

  it('is worth nothing after one edit or two, of it or of its companion', () => {
    for (const session of SESSIONS) {
      const values: Values = write(format, session);
      expect(open(format, values)).toMatchObject({ ok: true, data: session });
      for (const [index, value = ''] of values.entries()) {
        const variants = new Set(oneEdit(value));
        const goal = variants.size + TWO_EDITS;
        while (variants.size < goal) variants.add(anyEdit(anyEdit(value, random), random));
        variants.delete(value);
        for (const variant of variants) attempt(values.with(index, variant) as [string, ...string[]]);
      }
    }
    const { accepted, thrown } = failed;
    process.stdout.write(
      `interop: ${name}: ${count} tampered cookies, ${accepted.length} accepted, ${thrown.length} thrown, seed ${SEED}\n`,
    );
    expect(failed).toEqual({ accepted: [], thrown: [] });
    expect(count).toBeGreaterThan(30_000);
  });

  it('is worth nothing with a part of another one', () => {
    const [one, other] = [write(format, { user: 'ada' }), write(format, { user: 'bob' }, NOW - 1)];
    const [ours, theirs] = [one.join('.').split('.'), other.join('.').split('.')];
    const isSplit = one.length > 1;
    for (const [index, part] of theirs.entries()) {
      // Equal parts, such as the header of a JWT, make no difference.
      if (ours.length === 1 || ours[index] === part) continue;
      const mixed = ours.with(index, part);
      const [first = '', ...rest] = isSplit ? mixed : [mixed.join('.')];
      expect(open(format, [first, ...rest])).toEqual({ ok: false, reason: 'tampered' });
    }
  });
});
