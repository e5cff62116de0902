import type { ServerResponse } from 'node:http';
import type { SessionStoreOptions } from 'nestjs-sessions';
import type { SessionStore } from 'nestjs-sessions/store';
import { exchangeWith } from '../../../support/exchange.js';
import { managerWith } from '../../../support/open-session.js';

/** How sessions are kept. */
export type Mode = Omit<SessionStoreOptions, 'store'>;

const COMMANDS = ['load', 'create', 'save', 'touch', 'delete'] as const;

/** A store whose commands are carried out, or not, as `around` decides. */
export function storeAround(
  store: SessionStore,
  around: (command: string, carryOut: () => Promise<unknown>) => Promise<unknown>,
): SessionStore {
  const wrapped: Record<string, unknown> = {};
  for (const command of COMMANDS) {
    wrapped[command] = (...args: unknown[]) =>
      around(command, () => Reflect.apply(store[command], store, args) as Promise<unknown>);
  }
  for (const method of ['listOf', 'deleteAllOf'] as const) wrapped[method] = store[method].bind(store);
  return wrapped as unknown as SessionStore;
}

/** A manager whose sessions are in this store. It says nothing of those that are gone, as its log would. */
export function managerOver(store: SessionStore, mode: Mode): ReturnType<typeof managerWith> {
  return managerWith({ store: { store, ...mode }, onReject: () => undefined });
}

/** Sends the headers of a response. @returns name and value of its cookie */
export function sentBy(response: ServerResponse): string | undefined {
  response.writeHead(200);
  return /^[^;]+/.exec(String(response.getHeader('set-cookie') ?? ''))?.[0];
}

/** Begins a session: in the store, or with `adopt` in a cookie that is taken over. */
export async function beginSession(store: SessionStore, mode: Mode, initial: Record<string, number>) {
  const plain = managerOver(store, mode);
  const beginning = mode.adopt === true ? managerWith() : plain;
  const { request, response } = exchangeWith();
  beginning.open(request, response).update(initial);
  await beginning.save(request);
  const cookie = sentBy(response) ?? '';
  /** What a request reads that comes with a cookie when all others have ended. */
  const readLater = async (given = cookie): Promise<Record<string, unknown>> => {
    const later = exchangeWith(given);
    await plain.load(later.request, later.response);
    return { ...plain.open(later.request, later.response).data };
  };
  return { cookie, readLater };
}
