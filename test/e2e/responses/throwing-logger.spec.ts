import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PLATFORMS } from '../../support/app.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(30_000);

const program = fileURLToPath(new URL('../../support/throwing-logger-app.ts', import.meta.url));
const loader = new URL('../../support/ts-loader.mjs', import.meta.url).href;

/** Runs the program to its end, or to the error that ends it. */
function run(platform: string, thrown: string): Promise<{ code: unknown; lines: unknown[]; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', loader, program, platform, thrown], (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      resolve({ code: error?.code ?? 0, lines: lines.map((line): unknown => JSON.parse(line)), errors: stderr });
    });
  });
}

describe.each(PLATFORMS)('A logger that throws (%s)', (platform) => {
  // In Jest, which listens for uncaught exceptions itself, the process would live anyway.
  it.each(['error', 'undefined'])('ends neither the process nor the response (%s)', async (thrown) => {
    const { code, lines, errors } = await run(platform, thrown);
    expect({ code, lines, errors }).toEqual({
      code: 0,
      lines: [
        ['/read', 200, 'new: true', []],
        ['/read', 200, 'new: true', []],
        ['/read', 200, 'new: true', []],
        ['/unsaved', 200, 'answered', []],
        ['/unsaved-list', 200, 'answered', []],
        ['/unsaved-later', 200, 'answered', []],
        ['/public', 200, 'answered', ['session']],
        ['/read', 200, 'new: true', []],
        'closed',
      ],
      errors: '',
    });
  });
});
