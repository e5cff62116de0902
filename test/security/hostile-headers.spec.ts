import { beforeEach, expect, it } from '@jest/globals';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describeOnEachPlatform, startApp } from '../support/app.js';
import { START, stopClock } from '../support/clock.js';
import { routes } from '../support/routes.js';
import { chunked } from './support/headers.js';
import { duplicate, hostileHeader } from './support/hostile.js';
import { authentic, type Mode, MODES, payloadOf } from './support/modes.js';
import { cases, Random, report } from './support/run.js';

const COUNT = cases(300, 10_000);
const COPIES = [5, 6, 17, 100, 1000];

const controller = routes({
  read: (session) => `${session.get('user')} ${session.size}`,
  write: (session) => session.set('n', 1),
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly setCookie: readonly string[];
}

function get(agent: Agent, url: string, cookie: string | string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Bytes of Latin-1, as a browser's UTF-8 arrives.
    const outgoing = request(url, { agent, headers: { cookie } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const setCookie = response.headers['set-cookie'] ?? [];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, setCookie }));
    });
    outgoing.on('error', reject).end();
  });
}

/** What Node's client does not let through. @returns the status line */
function getRaw(url: string, cookie: Buffer): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('GET /read HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: ');
      socket.write(Buffer.concat([cookie, Buffer.from('\r\n\r\n')]));
    });
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('error', reject);
    socket.on('close', () => resolve(`${text.slice(9, 12)} ${text.split('\r\n\r\n')[1] ?? ''}`));
  });
}

describeOnEachPlatform('A Cookie header full of junk', (platform) => {
  beforeEach(stopClock);

  const start = async (mode: Mode, cookieCount = 4) => {
    const session = { encrypt: mode === 'encrypted', cookieCount };
    const { url } = await startApp(platform, { session, controllers: [controller] });
    const token = authentic(mode, payloadOf({ iat: START - 9, exp: START + 1000 }, START));
    const random = new Random(`${mode} ${platform} ${cookieCount}`);
    return { url, token, random, agent: new Agent({ keepAlive: true, maxSockets: 4 }) };
  };

  it.each(MODES.flatMap((mode) => [1, 4].map((count) => [mode, count] as const)))(
    'hides no valid session, %s, cookieCount %d',
    async (mode, cookieCount) => {
      const { url, token, random, agent } = await start(mode, cookieCount);
      const strays = ['session.1', 'session.2', 'session.3', 'session.4', 'session.15', 'session.16'];
      const lost: unknown[] = [];
      for (let at = 0; at < COUNT; at++) {
        const header = hostileHeader(random, token, strays.slice(random.below(7)));
        const lines = random.below(4) === 0 ? header.split('; ') : header;
        const { status, text, setCookie } = await get(agent, `${url}/read`, lines);
        if (status !== 200 || text !== 'ada 1' || setCookie.length > 0) lost.push([status, text, setCookie, header]);
      }
      agent.destroy();
      report(
        `${mode}, ${platform}, cookieCount ${cookieCount}: ${COUNT} hostile headers: ${lost.length} sessions lost`,
      );
      expect(lost).toEqual([]);
    },
  );

  it.each(MODES)('hides no valid session that is spread over two cookies, %s', async (mode) => {
    const { url, random, agent } = await start(mode);
    const data = { user: 'ada', text: 'x'.repeat(3200) };
    const token = authentic(mode, payloadOf({ iat: START - 9, exp: START + 1000, data }, START));
    const lost: unknown[] = [];
    for (let at = 0; at < COUNT; at++) {
      const header = hostileHeader(random, token, ['session.2', 'session.3', 'session.4'], chunked(token, 3000));
      const { status, text, setCookie } = await get(agent, `${url}/read`, header);
      if (status !== 200 || text !== 'ada 2' || setCookie.length > 0) lost.push([status, text, setCookie, header]);
    }
    agent.destroy();
    report(`${mode}, ${platform}, in two cookies: ${COUNT} hostile headers: ${lost.length} sessions lost`);
    expect(lost).toEqual([]);
  });

  it.each(MODES)('with many copies of our name is answered 200, %s', async (mode) => {
    const { url, token, random, agent } = await start(mode);
    const wrong: unknown[] = [];
    let requests = 0;
    for (const copies of COPIES) {
      for (const name of ['session', 'session.1', 'session.3']) {
        const pairs = Array.from({ length: copies }, () => duplicate(random, token).replace('session', name));
        const header = [...pairs, `session=${token}`].join('; ').slice(0, 11_000);
        for (const path of ['/read', '/write']) {
          const { status, setCookie } = await get(agent, url + path, header);
          requests++;
          if (status !== 200 || (path === '/write' && setCookie.length === 0)) wrong.push([status, setCookie, header]);
        }
      }
    }
    agent.destroy();
    report(`${mode}, ${platform}: ${requests} requests with 5 to 1000 cookies of our name: ${wrong.length} not 200`);
    expect(wrong).toEqual([]);
  });

  it('with any byte in it is refused by Node, or is no harm', async () => {
    const { url, token } = await start('signed');
    const answers = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const odd = String.fromCharCode(byte);
      const ours = `session=${token}`;
      for (const text of [`a=${odd}; ${ours}`, `${ours}; a=${odd}`, `session=${odd}; ${ours}`, `${odd}; ${ours}`]) {
        const answer = await getRaw(url, Buffer.from(text, 'latin1'));
        const kind = answer.startsWith('400') ? '400' : answer;
        answers.set(kind, (answers.get(kind) ?? 0) + 1);
      }
    }
    const counts = Array.from(answers, ([answer, count]) => `${count} times ${answer.replaceAll(/\s+/g, ' ')}`);
    report(`${platform}: 1024 headers with each byte: ${counts.join(', ')}`);
    const rest = Array.from(answers.keys()).filter((answer) => answer !== '400' && !/\bada 1\b/.test(answer));
    expect(rest).toEqual([]);
    expect(answers.get('400')).toBeLessThan(33 * 4);
  });
});
