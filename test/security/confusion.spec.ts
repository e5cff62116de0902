import { describe, expect, it } from '@jest/globals';
import { confusedJwe, confusedJws, type Named } from './support/confused.js';
import { authentic, MODES, payloadOf, settingsFor } from './support/modes.js';
import { report } from './support/run.js';

const made = { signed: await confusedJws(), encrypted: await confusedJwe() };
const shapes = { signed: 3, encrypted: 5 };

describe.each(MODES)('A token of another algorithm, made with the right key, where sessions are %s', (mode) => {
  const { codec } = settingsFor(mode);
  const mixed = settingsFor(mode, { accept: ['signed', 'encrypted'] }).codec;
  const tokens: Named[] = [...made.signed, ...made.encrypted];

  it('has a counterpart of ours that is accepted', () => {
    expect(codec.unseal(authentic(mode, payloadOf()))).toMatchObject({ ok: true, data: { user: 'ada' } });
  });

  it('is rejected by a result, never by an exception', () => {
    const accepted = tokens.filter(([, token]) => codec.unseal(token).ok || mixed.unseal(token).ok);
    report(`${mode}: ${tokens.length} tokens of confused algorithms: ${accepted.length} accepted`);
    expect(accepted.map(([title]) => title)).toEqual([]);
    expect(made[mode].length).toBeGreaterThan(80);
  });

  it('is rejected for its header, its shape or its tag, with no work that it asks for', () => {
    const start = process.cpuUsage();
    const reasons = new Set(made[mode].map(([, token]) => (codec.unseal(token) as { reason?: string }).reason));
    const { user } = process.cpuUsage(start);
    expect(reasons).toEqual(new Set(['malformed', 'tampered', 'unknown-key']));
    // PBES2 with 2^31 rounds takes minutes.
    expect(user).toBeLessThan(1_000_000);
  });

  it('has mostly the right number of segments, so that this file tests something', () => {
    const shaped = made[mode].filter(([, token]) => token.split('.').length === shapes[mode]);
    expect(shaped.length).toBeGreaterThan(80);
  });
});
