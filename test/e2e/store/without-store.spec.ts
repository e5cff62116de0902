import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LOADER = ['--import', './test/support/ts-loader.mjs'];

/** What only sessions in a store need, beside the folder of the stores. */
const OF_STORES = [
  'http/arrival.ts',
  'http/fastify-arrivals.ts',
  'http/hold.ts',
  'http/hold-back.ts',
  'http/look-sent.ts',
  'http/probe-headers.ts',
  'http/refused-body.ts',
  'http/release-hold.ts',
  'http/replacement.ts',
  'module/fetch-early.ts',
  'session/adoption.ts',
  'session/current-record.ts',
  'session/current-record-of.ts',
  'session/fetched-records.ts',
  'session/guarded-store.ts',
  'session/record.ts',
  'session/lost-answers.ts',
  'session/merged-record.ts',
  'session/next-record.ts',
  'session/plan-save.ts',
  'session/record-command.ts',
  'session/record-cookie.ts',
  'session/record-key.ts',
  'session/record-labels.ts',
  'session/record-plan.ts',
  'session/record-writer.ts',
  'session/running-save.ts',
  'session/saved-session.ts',
  'session/session-end.ts',
  'session/session-storage.ts',
  'session/store-keeper.ts',
  'session/stored-records.ts',
  'session/stored-session.ts',
  'session/succession.ts',
  'session/sweeping.ts',
  'session/taken-along.ts',
];

/** Prints the modules that are loaded with the package. */
const LOADED = `
  import { Session } from 'node:inspector/promises';
  const inspector = new Session();
  inspector.connect();
  inspector.on('Debugger.scriptParsed', ({ params }) => console.log(params.url));
  await inspector.post('Debugger.enable');
  await import('nestjs-sessions');`;

async function node(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [...LOADER, ...args], { cwd: ROOT })).stdout;
}

/** Processes of their own: V8 counts calls and loads modules for all tests of one together. */
describe('Without the option store', () => {
  it('requests run through no line that is about stores, on both platforms', async () => {
    const lines = (await node('test/code-path.ts', '--names')).split('\n');
    const files = lines.map((line) => /^ {2}(\S+\.ts): /.exec(line)?.[1]).filter((file) => file !== undefined);
    expect(files.filter((file) => file === 'session/request-session.ts')).toHaveLength(6);
    expect(files.filter((file) => file.startsWith('store/') || OF_STORES.includes(file))).toEqual([]);
  }, 60_000);

  it('no store is loaded', async () => {
    const files = await node('--input-type=module', '--eval', LOADED);
    expect(files).toMatch(/\/lib\/session\/request-session\.ts$/m);
    expect(readdirSync(`${ROOT}lib/store`).filter((file) => files.includes(`/lib/store/${file}`))).toEqual([]);
  }, 60_000);

  it.each(OF_STORES)('%s is the name of a file still', (file) => {
    expect(existsSync(`${ROOT}lib/${file}`)).toBe(true);
  });
});
