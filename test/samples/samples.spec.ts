import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { describeOnEachPlatform, SECRET } from '../support/app.js';
import { Client } from '../support/client.js';
import { form } from '../support/form.js';
import { startLoginSample } from '../support/sample-app.js';
import { runSample, scriptOf, startSample } from '../support/sample-process.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(30_000);

describeOnEachPlatform('sample/login', (platform) => {
  let client: Client;

  beforeEach(async () => {
    client = new Client(await startLoginSample(platform));
  });

  it('greets the user who is logged in, and counts visits across log-in', async () => {
    expect((await client.get('/')).text).toContain('<h1>Hello anonymous</h1>');
    await client.post('/login', form({ name: ' Tom ' }));
    const { text } = await client.get('/');
    expect(text).toContain('<h1>Hello Tom</h1>');
    expect(text).toContain('<strong id="visits">2</strong>');
  });

  it('is HTML that runs no script', async () => {
    const { headers, text } = await client.get('/');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script|https?:\/\//i);
  });

  it('answers forms by 303, so that a reload sends nothing again', async () => {
    const login = await client.post('/login', form({ name: 'Tom' }));
    expect([login.status, login.headers.location]).toEqual([303, '/']);
    const logout = await client.post('/logout');
    expect([logout.status, logout.headers.location]).toEqual([303, '/goodbye']);
  });

  it('takes a new session id at log-in', async () => {
    await client.get('/');
    const before = idOf(await client.cookie());
    await client.post('/login', form({ name: 'Tom' }));
    expect(idOf(await client.cookie())).not.toBe(before);
  });

  it('escapes a name that is markup, in the greeting, the title and the payload', async () => {
    await client.post('/login', form({ name: `<script>alert("1")</script>&'` }));
    const { text } = await client.get('/');
    expect(text).toContain('<h1>Hello &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</h1>');
    expect(text).toContain('<title>Hello &lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</title>');
    expect(text).toContain(
      '&quot;user&quot;: &quot;&lt;script&gt;alert(\\&quot;1\\&quot;)&lt;/script&gt;&amp;&#39;&quot;',
    );
    expect(text).not.toContain('<script');
  });

  it('escapes a cookie that is markup', async () => {
    const payload = Buffer.from('{"data":"</pre><script>"}').toString('base64url');
    const cookies = [`session=<script>`, `session=<i>.${payload}.<i>`, `session=${payload}`, 'session=...', 'session='];
    for (const cookie of cookies) {
      const { status, text } = await client.get('/', { headers: { cookie } });
      expect(status).toBe(200);
      expect(text).toContain('<h1>Hello anonymous</h1>');
      expect(text).not.toMatch(/<script|<i>/);
    }
  });

  it.each([
    ['no name', form({})],
    ['blanks', form({ name: '  ' })],
    ['a name that is too long', form({ name: 'x'.repeat(41) })],
    ['several names', { ...form({}), body: 'name=Tom&name=Tim' }],
    ['no form', {}],
  ])('refuses a log-in with %s', async (_, request) => {
    const { status, setCookie } = await client.post('/login', request);
    expect(status).toBe(303);
    expect(setCookie).toEqual([]);
  });

  it('deletes the cookie at log-out and begins no session on the page after it', async () => {
    await client.get('/');
    await client.post('/login', form({ name: 'Tom' }));
    const logout = await client.post('/logout');
    expect(logout.setCookie).toEqual([expect.stringContaining('session=; Max-Age=0')]);
    const { text, setCookie } = await client.get('/goodbye');
    expect(text).toContain('<h1>Hello anonymous</h1>');
    expect(setCookie).toEqual([]);
  });
});

describe('sample/login as a program', () => {
  it('prints where it listens, and nothing else when it has a secret', async () => {
    const { lines, url } = await startSample('login', { SESSION_SECRET: SECRET, PLATFORM: 'fastify' });
    expect(lines).toEqual([`Open ${url} (fastify)`]);
  });

  it('says in one line that sessions end with the process when it has none', async () => {
    const { lines, url } = await startSample('login', {});
    expect(lines).toEqual([expect.stringMatching(/^SESSION_SECRET is not set: .*end with/), `Open ${url} (express)`]);
  });
});

describe('sample/minimal', () => {
  it('counts the visits of each client', async () => {
    const program = await startSample('minimal', {});
    const [client, other] = [program.client(), program.client()];
    expect((await client.get('/')).text).toBe('Visits: 1');
    expect((await client.get('/')).text).toBe('Visits: 2');
    expect((await other.get('/')).text).toBe('Visits: 1');
  });
});

describe.each(['passport', 'websocket'] as const)('sample/%s as a program', (sample) => {
  it('answers at the address that it prints', async () => {
    const { url } = await startSample(sample, {});
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
  });
});

describe('npm run sample', () => {
  it('is what npm start runs with the login sample', () => {
    expect(scriptOf('start')).toBe(`${scriptOf('sample')} login`);
  });

  it('runs nothing before, which could take the files of a running sample away', () => {
    expect(['presample', 'prestart'].map(scriptOf)).toEqual([undefined, undefined]);
  });

  it('leaves a running sample alone when another one is started, ended and started again', async () => {
    const first = (await startSample('login', { SESSION_SECRET: SECRET })).client();
    await first.post('/login', form({ name: 'Tom' }));
    const second = await startSample('minimal', {});
    expect((await second.client().get('/')).text).toBe('Visits: 1');
    await second.stop();
    expect((await first.get('/')).text).toContain('<h1>Hello Tom</h1>');
    const again = await startSample('minimal', {});
    expect((await again.client().get('/')).text).toBe('Visits: 1');
    expect((await first.get('/')).text).toContain('<strong id="visits">2</strong>');
  });

  it('runs the sample itself again while another one runs', async () => {
    const one = await startSample('login', { SESSION_SECRET: SECRET });
    const other = await startSample('login', { SESSION_SECRET: SECRET });
    await one.stop();
    const again = await startSample('login', { SESSION_SECRET: SECRET });
    for (const { url } of [other, again]) expect((await fetch(url)).status).toBe(200);
  });

  it.each([
    ['no name was given', []],
    ['there is none called "nothing"', ['nothing']],
    ['there is none called "../bench"', ['../bench']],
  ])('names the samples when %s', async (reason, args) => {
    expect(await runSample(...args)).toEqual({
      code: 1,
      output:
        `Cannot run a sample: ${reason}. Choose one of these: ` +
        'login, minimal, passport, shared-with-python, store, websocket.\n',
    });
  });
});

function idOf(token = ''): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti;
}
