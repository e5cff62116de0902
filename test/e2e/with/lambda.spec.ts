import { describe, expect, it, jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(60_000);

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Answer {
  readonly statusCode: number;
  readonly cookies: readonly string[];
}

/** What Lambda answers to a request that came by HTTPS: API Gateway says so in X-Forwarded-Proto. */
async function answerOf(platform: string, trust: string): Promise<Answer> {
  const loader = new URL('../../support/ts-loader.mjs', import.meta.url).href;
  const args = ['--import', loader, pathOf('support/lambda-app.ts'), platform, trust];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Answer;
}

const ours = ({ cookies }: Answer) => cookies.find((line) => line.startsWith('session=')) ?? '';

describe('On AWS Lambda', () => {
  it.each([
    ['express', 'distrust', true],
    ['fastify', 'distrust', false],
    ['fastify', 'trust', true],
  ])('the cookie leaves beside others, Secure as the adapter says (%s, %s)', async (platform, trust, isSecure) => {
    const answer = await answerOf(platform, trust);
    expect(answer.statusCode).toBe(200);
    expect(answer.cookies).toHaveLength(2);
    expect(new Set(answer.cookies.map((line) => line.split('=')[0]))).toEqual(new Set(['session', 'theirs']));
    expect(/; Secure/.test(ours(answer))).toBe(isSecure);
  });
});
