import { describe, expect, it } from '@jest/globals';
import { RecordingLogger } from '../../support/log.js';
import { sentClaims, signIn } from '../../support/tokens.js';
import { refusal } from '../../support/unserializable.js';
import { ask, GRAPHQL_SERVERS, startGraphql } from './support/graphql-app.js';

describe.each(GRAPHQL_SERVERS)('%s', (...server) => {
  it('answers a session that cannot be saved with a GraphQL error and without a cookie', async () => {
    const logger = new RecordingLogger();
    const client = (await startGraphql(server, { logger })).client();
    await signIn(client, { user: 'tom' });
    const { data, errors, setCookie } = await ask(client, 'mutation { spoil }');
    expect(data).toBeNull();
    expect(errors).toEqual([refusal('bigint')]);
    expect(setCookie).toEqual([]);
    // Known to the client already.
    expect(logger.lines).toEqual([]);
    expect((await ask(client, '{ user }')).data).toEqual({ user: 'tom' });
  });

  it('answers one that is too large likewise', async () => {
    const client = (await startGraphql(server)).client();
    const { data, errors, setCookie } = await ask(client, `mutation { tag(tag: "${'x'.repeat(5000)}") }`);
    expect(data).toBeNull();
    expect(errors).toEqual([expect.stringMatching(/^Cannot save the session: its cookie would have \d+ bytes/)]);
    expect(setCookie).toEqual([]);
  });

  it('saves the changes before a resolver threw', async () => {
    const reply = await ask((await startGraphql(server)).client(), 'mutation { fail }');
    expect(reply.errors).toEqual(['It failed.']);
    expect(sentClaims(reply).data).toEqual({ user: 'somebody' });
  });

  it.each([
    ['a query that is not one', '{ nonsense'],
    ['a field that there is not', '{ nothing }'],
  ])('sends no cookie for %s', async (_, query) => {
    const client = (await startGraphql(server)).client();
    await signIn(client, { user: 'tom' });
    const { status, errors, setCookie } = await ask(client, query);
    expect(status).toBe(400);
    expect(errors).toHaveLength(1);
    expect(setCookie).toEqual([]);
  });
});
