import { expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import { START, stopClock } from '../../support/clock.js';
import { routes } from '../../support/routes.js';
import { ID, signIn } from '../../support/tokens.js';

const SECRET_VALUE = 'a value that nobody may see';
const DEEPEST = { depth: Infinity, showHidden: true, getters: true };

const controller = routes({
  unused: (session) => inspect(session, DEEPEST),
  read: (session) => {
    session.get('user');
    return inspect(session);
  },
  deepest: (session) => {
    session.get('user');
    return inspect(session, DEEPEST);
  },
  changed: (session) => {
    session.data['cart'] = [SECRET_VALUE];
    return inspect(session);
  },
  unwritable: (session) => {
    session.data['bad'] = 10n;
    const text = inspect(session);
    session.rollback();
    return text;
  },
  nested: (session) => inspect({ a: { b: { c: session } } }),
  destroyed: (session) => {
    session.destroy();
    return inspect(session);
  },
  json: (session) => {
    session.get('user');
    return JSON.stringify([session, { session }]);
  },
});

const times = (expiresAt: number) =>
  `createdAt: 2060-01-01T00:00:00.000Z,\n  expiresAt: ${new Date((START + expiresAt) * 1000).toISOString()}\n}`;

describeOnEachPlatform('A session that is inspected', (platform) => {
  const start = async (data: Record<string, unknown> = { user: SECRET_VALUE, '\u001b[2J\n': 1 }) => {
    stopClock();
    const client = (await startApp(platform, { session: { maxAge: 1000 }, controllers: [controller] })).client();
    await signIn(client, data, { claims: { exp: START + 600 } });
    return client;
  };

  it('says that it was not read, and stays unread', async () => {
    const reply = await (await start()).get('/unused');
    expect(reply.text).toBe("SessionService { name: 'default', state: 'not read yet' }");
    expect(reply.headers).not.toHaveProperty('vary');
    expect(reply.setCookie).toEqual([]);
  });

  it('shows name, the start of the id, keys and times, and no value', async () => {
    const reply = await (await start()).get('/read');
    expect(reply.text).toBe(
      `SessionService {\n  name: 'default',\n  id: '${ID.slice(0, 6)}…',\n  isNew: false,\n  isModified: false,\n` +
        `  keys: [ 'user', '\\\\u001b[2J\\\\n' ],\n  ${times(600)}`,
    );
    expect(reply.setCookie).toEqual([]);
  });

  it('shows that it was changed, and sends what it would have sent', async () => {
    const client = await start();
    const reply = await client.get('/changed');
    expect(reply.text).toContain('isModified: true');
    expect(reply.text).toContain("'cart'");
    expect(reply.text).toContain(times(1000));
    expect(reply.text).not.toContain(SECRET_VALUE);
    expect(reply.setCookie).toHaveLength(1);
  });

  it('does not fail where the session cannot be written', async () => {
    const reply = await (await start()).get('/unwritable');
    expect([reply.status, reply.text]).toEqual([200, expect.stringContaining("'bad'")]);
  });

  it('shows no value to a reader who asks for everything', async () => {
    const { text } = await (await start()).get('/deepest');
    expect(text).toContain("'user'");
    expect([text.includes(SECRET_VALUE), text.includes(ID)]).toEqual([false, false]);
  });

  it('is cut where it stands too deep', async () => {
    expect((await (await start()).get('/nested')).text).toContain('[SessionService]');
  });

  it('shows the empty session that a destroyed one is', async () => {
    expect((await (await start()).get('/destroyed')).text).toContain('keys: []');
  });

  it('is empty as JSON', async () => {
    expect((await (await start()).get('/json')).text).toBe('[{},{"session":{}}]');
  });
});
