import { expect, it } from '@jest/globals';
import type { SessionStore } from '../../../lib/store/index.js';
import type { TcpProxy } from '../../support/tcp-proxy.js';
import { rejection, session, untilAnswered } from './calls.js';

/** A store behind a proxy, and another one that reaches the same server without. */
export interface Stores {
  readonly proxied: SessionStore;
  readonly direct: SessionStore;
  readonly proxy: TcpProxy;
}

/** Tests that a command is harmless which the network delivers after its caller was told that it failed. */
export function itSurvivesLateCommands(stores: () => Stores): void {
  /** Sends a command that is held, cuts its connection, does something else, and delivers the command. */
  async function late(command: (store: SessionStore) => Promise<unknown>, meanwhile: () => Promise<unknown>) {
    const { proxied, proxy } = stores();
    await untilAnswered(proxied);
    proxy.mode = 'hold';
    const sent = proxy.nextBytes();
    const answer = rejection(command(proxied));
    await sent;
    proxy.cut();
    await answer;
    await meanwhile();
    await proxy.release();
  }

  it('does not overwrite by a late save what was saved since', async () => {
    const { direct } = stores();
    await direct.create('one', session(), 0);
    const save = async () => direct.save('one', session({ text: 'newer' }), false);
    await late(async (store) => store.save('one', session({ text: 'late' }), false), save);
    expect(await direct.load('one')).toMatchObject({ text: 'newer', version: 2 });
  });

  it('brings no session back by a late save or touch', async () => {
    const { direct } = stores();
    for (const moved of [false, true]) {
      await direct.create('two', session(), 0);
      await late(
        async (store) => store.save('two', session(), moved),
        async () => direct.delete('two'),
      );
      expect(await direct.load('two')).toBeUndefined();
    }
    await direct.create('two', session(), 0);
    await late(
      async (store) => store.touch('two', 0, Date.now()),
      async () => direct.delete('two'),
    );
    expect(await direct.load('two')).toBeUndefined();
  });

  it('ends by a late deleteAllOf no session that was begun since', async () => {
    const { direct } = stores();
    const { createdAt } = session();
    await late(
      async (store) => store.deleteAllOf('amy', createdAt),
      async () => direct.create('three', session({ subject: 'amy', createdAt: createdAt + 1 }), createdAt + 1),
    );
    expect(await direct.listOf('amy')).toMatchObject([{ key: 'three' }]);
  });

  it('saves a late save where nothing else was saved: its answer alone was lost', async () => {
    const { direct } = stores();
    await direct.create('four', session(), 0);
    await late(
      async (store) => store.save('four', session({ text: 'late' }), false),
      async () => {},
    );
    expect(await direct.load('four')).toMatchObject({ text: 'late', version: 2 });
  });
}
