import { describe, expect, it } from '@jest/globals';
import { run } from '../../../lib/cli/run.js';
import { runWith, vectorsOf } from './support.js';

const [{ token, secret }] = vectorsOf('signed-v1');

function broken(): never {
  throw new RangeError('no room');
}

describe('secret', () => {
  it('prints 32 bytes in base64 and nothing else', async () => {
    const { code, out, err } = await runWith(['secret']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(Buffer.from(out, 'base64')).toHaveLength(32);
  });

  it('prints another one each time', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, async () => (await runWith(['secret'])).out));
    expect(new Set(secrets).size).toBe(20);
  });
});

describe('--help', () => {
  it('is printed within 100 columns, and names every option and exit code', async () => {
    const { code, out } = await runWith(['--help']);
    expect(code).toBe(0);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
    for (const part of [
      '--name',
      '--max-age',
      '--absolute-max-age',
      '--values',
      '--json',
      'SESSION_SECRETS',
      'Exit codes: 0',
    ]) {
      expect(out).toContain(part);
    }
  });
});

describe('inspect', () => {
  it.each(['--', ''])('reads the standard input for -, and takes the same for an argument %s', async (dashes) => {
    const args = ['inspect', ...(dashes === '' ? [] : [dashes])];
    const asArgument = await runWith([...args, token]);
    expect(asArgument.code).toBe(0);
    expect(await runWith([...args, '-'], { stdin: `${token}\n` })).toEqual(asArgument);
  });

  it('reads a large header of the standard input, and no more than a megabyte', async () => {
    const header = `Cookie: ${'a=b; '.repeat(100_000)}session=${token}`;
    expect((await runWith(['inspect', '-'], { stdin: header })).out).toContain('kid      KhkTjF_T');
    expect(await runWith(['inspect', '-'], { stdin: 'x'.repeat(1_048_577) })).toEqual({
      code: 2,
      out: '',
      err: 'Cannot read the cookie: the input has more than 1048576 bytes. Give the cookie only.\n',
    });
  });

  it.each([
    ['nothing', '', [], 'there is no cookie in what was given'],
    ['no cookie of that name', 'a=b', ['--name', 'session'], 'there is no cookie called "session" in what was given'],
  ])('refuses an input with %s', async (_, stdin, args, why) => {
    expect(await runWith(['inspect', ...args, '-'], { stdin })).toEqual({
      code: 2,
      out: '',
      err: `Cannot inspect: ${why}. Give its value, or name=value.\n`,
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a short one', { SESSION_SECRET: 'too short' }, 'Cannot use SESSION_SECRET: it has 9 bytes and needs 32.'],
    [
      'a short one of several',
      { SESSION_SECRETS: `${secret},short` },
      'Cannot use secret 2 of SESSION_SECRETS: it has 5 bytes and needs 32.',
    ],
  ])('refuses a secret with which no application starts: %s', async (_, env, message) => {
    expect(await runWith(['inspect', token], { env })).toEqual({
      code: 2,
      out: '',
      err: `${message} Give the one of the application: npx nestjs-sessions secret prints a new one.\n`,
    });
  });

  it('prints no secret and no value, whatever the verdict', async () => {
    const wrong = 'another secret of 32 bytes here.';
    for (const env of [
      { SESSION_SECRET: secret },
      { SESSION_SECRET: wrong },
      { SESSION_SECRETS: `${wrong},${secret}` },
    ]) {
      for (const args of [[], ['--json']]) {
        const { out, err } = await runWith(['inspect', ...args, token], { env });
        for (const text of [secret, wrong, token, 'ada']) expect(out + err).not.toContain(text);
      }
    }
  });

  it('lets a bug be seen: an error that is not ours is thrown', async () => {
    const surroundings = { env: {}, stdin: (async function* () {})(), now: 0, print: broken, complain: broken };
    await expect(run(['secret'], surroundings)).rejects.toThrow(new RangeError('no room'));
  });
});
