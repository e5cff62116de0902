import { describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SECRET } from '../support/secrets.js';
import { forge, now } from '../support/tokens.js';

// Each process compiles what it loads, on machines with little to spare.
jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LOADER = './test/support/ts-loader.mjs';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program in a process of its own, without a shell. */
async function nestjsSessions(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin: string | Uint8Array = '',
): Promise<Ended> {
  const { SESSION_SECRET: _, SESSION_SECRETS: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--import', LOADER, 'lib/cli/main.ts', ...args], {
    cwd: ROOT,
    env: { ...inherited, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  // A program that has read enough, or nothing, closes its end.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('nestjs-sessions, as a process', () => {
  const token = forge({ user: 'ada' });

  it('is the bin of package.json, where the build puts it', () => {
    const { bin } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { bin: Record<string, string> };
    expect(bin).toEqual({ 'nestjs-sessions': 'dist/cli/main.js' });
  });

  it('secret: prints a secret with which an application starts, and nothing else', async () => {
    const { code, out, err } = await nestjsSessions(['secret']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    const made = forge({ user: 'ada' }, { secret: out.trim() });
    expect((await nestjsSessions(['inspect', made], { SESSION_SECRET: out.trim() })).code).toBe(0);
  });

  it('inspect: ends with 0 for an accepted cookie, and for a decoded one where there is no secret', async () => {
    const accepted = await nestjsSessions(['inspect', `Cookie: a=b; session=${token}`], { SESSION_SECRET: SECRET });
    expect(accepted).toMatchObject({ code: 0, err: '' });
    expect(accepted.out).toMatch(/^kind {5}signed$/m);
    expect(accepted.out).toMatch(/^verdict {2}accepted: /m);
    expect(accepted.out).toMatch(/^expires {2}\S+ \(in 13 days\)$/m);
    expect(await nestjsSessions(['inspect', token])).toMatchObject({ code: 0, err: '' });
  });

  it('inspect: ends with 1 for a rejected cookie', async () => {
    const expired = forge({ user: 'ada' }, { claims: { iat: now() - 20, exp: now() - 10 } });
    const { code, out, err } = await nestjsSessions(['inspect', '--json', '-'], { SESSION_SECRET: SECRET }, expired);
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'rejected', reason: 'expired', kinds: ['signed'] });
  });

  it('ends with 2 for wrong usage, and says on the standard error what to do', async () => {
    expect(await nestjsSessions(['inspect', '--wrong', token])).toEqual({
      code: 2,
      out: '',
      err: "Cannot run: Unknown option '--wrong'. See: npx nestjs-sessions --help\n",
    });
    expect(await nestjsSessions(['inspect', token], { SESSION_SECRET: 'short' })).toMatchObject({ code: 2, out: '' });
    expect(await nestjsSessions(['--help'])).toMatchObject({ code: 0, err: '' });
  });

  it('has no stack to show for binary input, or for far too much of it', async () => {
    const binary = Uint8Array.from({ length: 65_536 }, (_, index) => (index * 7919) % 256);
    const some = await nestjsSessions(['inspect', '-'], {}, binary);
    expect(some.code).toBeGreaterThan(0);
    const much = await nestjsSessions(['inspect', '-'], {}, Buffer.concat(Array.from({ length: 40 }, () => binary)));
    expect(much).toMatchObject({ code: 2, out: '' });
    expect(some.out + some.err + much.err).not.toMatch(/^ +at /m);
  });

  it('does not complain when the reader of its output has gone', async () => {
    const child = spawn(process.execPath, ['--import', LOADER, 'lib/cli/main.ts', 'inspect', '-'], { cwd: ROOT });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.destroy();
    child.stdin.end(token);
    const [code] = (await once(child, 'close')) as [number | null];
    expect([code, err]).toEqual([0, '']);
  });
});
