import { beforeEach, describe, expect, it } from '@jest/globals';
import flash from 'connect-flash';
import type { Client } from '../../support/client.js';
import { savedClaims } from '../../support/saved.js';
import { sentClaims } from '../../support/tokens.js';
import { pages, startExpress } from './support/express-session.js';

const handlers = pages({
  save(_, request, response) {
    request.flash('info', 'Saved.');
    response.redirect(303, '/show');
  },
  several(_, request) {
    request.flash('info', ['one', 'two']);
    request.flash('error', '%s has %s', 'Ada', 'gone');
  },
  show: (_, request) => request.flash('info'),
  all: (_, request) => request.flash(),
  nothing: () => 'nothing',
});

describe('connect-flash', () => {
  let client: Client;

  beforeEach(async () => {
    client = (await startExpress({ controllers: [handlers], use: [flash()] })).client();
  });

  it('shows a message once, after a redirect', async () => {
    const saved = await client.get('/save');
    expect([saved.status, sentClaims(saved).data]).toEqual([303, { flash: { info: ['Saved.'] } }]);
    const shown = await client.get(saved.headers.location ?? '');
    expect([shown.text, (await savedClaims(client, shown)).data]).toEqual(['["Saved."]', { flash: {} }]);
    expect((await client.get('/show')).text).toBe('[]');
  });

  it('keeps messages until their type is asked for', async () => {
    await client.get('/several');
    await client.get('/nothing');
    expect((await client.get('/show')).text).toBe('["one","two"]');
    expect((await client.get('/all')).text).toBe('{"error":["Ada has gone"]}');
    expect((await client.get('/all')).text).toBe('{}');
  });

  it('begins no session where no messages are asked for', async () => {
    expect((await client.get('/nothing')).setCookie).toEqual([]);
  });

  it('begins a session, by an assignment of its own, where messages are asked for; session.flash() does not', async () => {
    expect(sentClaims(await client.get('/show')).data).toEqual({ flash: {} });
    expect((await client.get('/show')).setCookie).toEqual([]);
  });
});
