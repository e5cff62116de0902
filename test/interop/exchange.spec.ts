import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { SEED } from '../security/support/run.js';
import { formatFor, NAMES, NOW, open, SECRET, valuesOf, write } from './support/formats.js';
import { findPeer, Peer } from './support/peer.js';
import { sessions } from './support/sessions.js';

const COUNT = 200;
const SESSIONS = sessions(COUNT, SEED);

// Python takes its time on a busy machine.
jest.setTimeout(120_000);

describe.each(NAMES)('%s', (name) => {
  const found = findPeer(name);
  const suite = 'command' in found ? describe : describe.skip;

  suite('missing' in found ? `with the real library is skipped: ${found.missing}` : 'with the real library', () => {
    const format = formatFor(name);
    const figures = { read: 0, written: 0, mismatches: 0 };
    let peer: Peer;

    beforeAll(() => {
      peer = new Peer('command' in found ? found.command : ['false'], name, SECRET);
    });

    afterAll(() => {
      peer.stop();
      const { read, written, mismatches } = figures;
      process.stdout.write(
        `interop: ${name}: ${read} read, ${written} written, ${mismatches} mismatches, seed ${SEED}\n`,
      );
    });

    it('reads every session that the library writes', async () => {
      const failed: unknown[] = [];
      for (const session of SESSIONS) {
        const { value } = await peer.ask({ write: JSON.stringify(session), now: NOW });
        const opened = open(format, valuesOf(value), NOW);
        figures.read++;
        if (!opened.ok || !isDeepStrictEqual(opened.data, session)) failed.push({ session, opened });
      }
      figures.mismatches += failed.length;
      expect(failed).toEqual([]);
      expect(figures.read).toBe(COUNT);
    });

    it('writes every session so that the library reads it', async () => {
      const failed: unknown[] = [];
      for (const session of SESSIONS) {
        const values = write(format, session, NOW);
        const { data, error } = await peer.ask({ read: values.length === 1 ? values[0] : values, now: NOW });
        figures.written++;
        const read: unknown = data === undefined ? undefined : JSON.parse(data);
        if (!isDeepStrictEqual(read, session)) failed.push({ session, read, error });
      }
      figures.mismatches += failed.length;
      expect(failed).toEqual([]);
      expect(figures.written).toBe(COUNT);
    });
  });
});
