import type { SessionModuleOptions, SessionService, SessionStoreOptions } from 'nestjs-sessions';
import { type Platform, startApp } from '../../../support/app.js';
import type { Client } from '../../../support/client.js';
import { routes } from '../../../support/routes.js';
import { failOnce, TestStore } from '../../../support/stores.js';

export type Change = (session: SessionService) => unknown;

/** What one request does: changes its session, saves it, hears that this has failed, and changes it again. */
export interface Attempts {
  readonly first: Change;
  /** The command that fails. It is carried out, unless this is `before`. */
  readonly lost: string;
  readonly when?: 'before' | 'after';
  /** What another request does then. */
  readonly meanwhile?: Change;
  readonly second: Change;
}

/** What a session has before the two attempts. */
export const BEGUN = { cart: 1, n: 0 };

export const begun: Change = (session) => session.update(BEGUN);
export const setA: Change = (session) => session.set('a', 1);
export const login: Change = (session) => session.set('user', 'ada');
export const clear: Change = (session) => session.clear();
export const rollback: Change = (session) => session.rollback();
export const destroy: Change = (session) => session.destroy();

/** The option by which the store knows whose session it is. */
export const person: Partial<SessionStoreOptions> = { subject: ({ user }) => user as string | undefined };

/** One change after the other. */
export const both = (one: Change, two: Change): Change => {
  return (session) => {
    one(session);
    two(session);
  };
};

async function read(visitor: Client): Promise<unknown> {
  return JSON.parse((await visitor.get('/read')).text);
}

/** An application whose requests change their sessions as a test says. */
export async function startTwoAttempts(
  platform: Platform,
  options: Partial<SessionStoreOptions> | false = {},
  module: Partial<SessionModuleOptions> = {},
) {
  const store = new TestStore();
  let attempts: Omit<Attempts, 'lost'> = { first: begun, second: begun };
  let change = begun;
  const copies: Client[] = [];
  const { client } = await startApp(platform, {
    session: options === false ? {} : { store: { store, ...options }, ...module },
    controllers: [
      routes({
        change: (session) => void change(session),
        twice: async (session) => {
          const { first, meanwhile, second } = attempts;
          first(session);
          await session.save().catch(() => undefined);
          for (const copy of copies) if (meanwhile !== undefined) await visit(copy, meanwhile);
          second(session);
        },
        read: (session) => JSON.stringify(session.data),
      }),
    ],
  });
  const visit = (visitor: Client, by: Change) => {
    change = by;
    return visitor.get('/change');
  };
  /** A visitor with the cookie of another one. */
  const copyFrom = async (visitor: Client) => {
    const copy = client();
    await copy.setCookie('session', (await visitor.cookie()) ?? '');
    return copy;
  };

  /** @returns the answer, and what a copy of the cookie from before reads, the visitor, and which sessions the store has */
  const attempt = async (visitor: Client, tried: Attempts) => {
    const copy = await copyFrom(visitor);
    copies.splice(0, 1, copy);
    attempts = tried;
    failOnce(store, tried.lost, tried.when ?? 'after');
    const { status, setCookie } = await visitor.get('/twice');
    const sessions = [...store.records.values()].filter(({ expiresAt }) => expiresAt > Date.now() / 1000);
    return { status, setCookie, sessions, data: await read(visitor), copied: await read(copy) };
  };
  return { store, client, visit, read, copyFrom, attempt };
}

/** A visitor whose session is in a cookie alone, from before the application had a store. */
export async function startWithoutStore(platform: Platform): Promise<Client> {
  const { client, visit } = await startTwoAttempts(platform, false);
  const visitor = client();
  await visit(visitor, begun);
  return visitor;
}

/** Two attempts at a session that was begun before. */
export async function tryTwice(
  platform: Platform,
  attempts: Attempts,
  options: Partial<SessionStoreOptions> = {},
  begin: Change = begun,
  module: Partial<SessionModuleOptions> = {},
) {
  const { client, visit, attempt } = await startTwoAttempts(platform, options, module);
  const visitor = client();
  await visit(visitor, begin);
  return attempt(visitor, attempts);
}
