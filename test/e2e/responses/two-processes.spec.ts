import { describe, expect, it, jest } from '@jest/globals';
import { OTHER_SECRET, SECRET } from '../../support/app.js';
import { form } from '../../support/form.js';
import { startSample } from '../../support/sample-process.js';

// A process of its own takes its time to start on a busy machine.
jest.setTimeout(30_000);

describe('two processes', () => {
  it('share the sessions of one secret, on different platforms too', async () => {
    const [express, fastify] = await Promise.all([
      startSample('login', { SESSION_SECRET: SECRET, PLATFORM: 'express' }),
      startSample('login', { SESSION_SECRET: SECRET, PLATFORM: 'fastify' }),
    ]);
    const client = express.client();

    await client.post('/login', form({ name: 'Tom' }));
    const greeting = await client.get(`${fastify.url}/`);
    expect(greeting.text).toContain('<h1>Hello Tom</h1>');
    expect(greeting.text).toContain('<strong id="visits">1</strong>');

    const back = await client.get(`${express.url}/`);
    expect(back.text).toContain('<h1>Hello Tom</h1>');
    expect(back.text).toContain('<strong id="visits">2</strong>');

    await client.post(`${fastify.url}/logout`);
    expect(await client.cookie()).toBeUndefined();
    expect((await client.get(`${express.url}/`)).text).toContain('<h1>Hello anonymous</h1>');
  });

  it('do not accept sessions of another secret', async () => {
    const [ours, theirs] = await Promise.all([
      startSample('login', { SESSION_SECRET: SECRET }),
      startSample('login', { SESSION_SECRET: OTHER_SECRET }),
    ]);
    const client = ours.client();

    await client.post('/login', form({ name: 'Tom' }));
    const reply = await client.get(`${theirs.url}/`);

    expect(reply.status).toBe(200);
    expect(reply.text).toContain('<h1>Hello anonymous</h1>');
    expect(reply.text).toContain('the server ignored it');
  });
});
