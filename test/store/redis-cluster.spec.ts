import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisStore, type SessionStore } from '../../lib/store/index.js';
import { freePort } from '../support/programs.js';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.js';
import { rejection, session, untilAnswered } from './support/calls.js';
import { CLUSTER_CLIENTS, NAMES, type OpenClient } from './support/redis-clients.js';
import { meetsRedisContract } from './support/redis-contract.js';
import { describeWith } from './support/with-server.js';

for (const program of ['redis-server', 'valkey-server']) {
  describeWith(program, `redisStore() on a cluster of three nodes of ${program}`, () => {
    let cluster: RedisCluster;
    let nodes: Redis[];

    beforeAll(async () => {
      cluster = await startRedisCluster(program);
      nodes = cluster.nodes.map(({ port }) => new Redis({ port, retryStrategy: () => 20 }));
      for (const node of nodes) node.on('error', () => {});
    });

    afterAll(async () => {
      for (const node of nodes) node.disconnect();
      await cluster.stop();
    });

    describe.each(NAMES)('with %s', (name) => {
      const connect = () => CLUSTER_CLIENTS[name](cluster.nodes[0]?.port ?? 0);

      describe('meets the contract', () => {
        meetsRedisContract(connect, async () => CLUSTER_CLIENTS[name](await freePort()));
      });

      describe('on all nodes', () => {
        let open: OpenClient;
        let store: SessionStore;

        beforeEach(async () => {
          await Promise.all(nodes.map(async (node) => node.flushall()));
          open = connect();
          await open.ready;
          store = redisStore(open.client);
        });

        afterEach(() => open.close());

        it('spreads sessions and the lists of subjects', async () => {
          const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
          for (const key of keys) await store.create(key, session({ subject: `of-${key}` }), 0);
          const names = await Promise.all(nodes.map(async (node) => node.keys('*')));
          for (const onNode of names) {
            expect(onNode).toContainEqual(expect.stringMatching(/^session:key-/));
            expect(onNode).toContainEqual(expect.stringMatching(/^session:of:/));
          }
          expect(names.flat()).toHaveLength(100);
        });

        it('finds and changes a session whose slot has moved to a node that does not know the scripts', async () => {
          await store.create('key', session(), 0);
          const moved = await moveSlotOf(nodes, 'session:key');
          await moved.script('FLUSH');
          expect(await store.load('key')).toMatchObject({ text: '{}', version: 1 });
          expect(await store.save('key', session({ text: 'saved' }), true)).toBe('saved');
          expect(await moved.hget('session:key', 'text')).toBe('saved');
          expect(await store.deleteAllOf('tom', Date.now() / 1000)).toEqual(['key']);
        });

        it('rejects for sessions of a node that is down, serves those of the others, and goes on when it is back', async () => {
          const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
          for (const key of keys) await store.create(key, session({ subject: undefined }), 0);
          const [lost = '', kept = ''] = await Promise.all(nodes.slice(0, 2).map(async (node) => sessionOn(node)));
          const server = cluster.nodes[0]?.process;
          await server?.end();
          expect(await rejection(store.load(lost))).not.toBe('');
          expect(await rejection(store.save(lost, session({ text: 'late' }), false))).not.toBe('');
          expect(await store.load(kept)).toMatchObject({ version: 1 });
          await server?.start();
          await untilAnswered(store, lost);
          expect(await store.load(lost)).toMatchObject({ text: '{}', version: 1 });
        });
      });
    });
  });
}

/** The key of one of the sessions that a node has. */
async function sessionOn(node: Redis): Promise<string> {
  const [name] = await node.keys('session:*');
  if (name === undefined) throw new Error('Cannot find a session: the node has none.');
  return name.replace('session:', '');
}

/** Gives the slot of a key, with the key, to the node after that which has it. @returns the new one */
async function moveSlotOf(nodes: readonly Redis[], name: string): Promise<Redis> {
  const held = await Promise.all(nodes.map(async (node) => node.keys(name)));
  const from = held.findIndex((names) => names.length > 0);
  const [source, target] = [nodes[from], nodes[(from + 1) % nodes.length]];
  if (source === undefined || target === undefined) throw new Error(`Cannot move ${name}: no node has it.`);
  const slot = await source.cluster('KEYSLOT', name);
  const [sourceId, targetId] = [await source.cluster('MYID'), await target.cluster('MYID')];
  await target.cluster('SETSLOT', slot, 'IMPORTING', sourceId);
  await source.cluster('SETSLOT', slot, 'MIGRATING', targetId);
  await source.migrate('127.0.0.1', target.options.port ?? 0, name, 0, 5000);
  for (const node of [target, source]) await node.cluster('SETSLOT', slot, 'NODE', targetId);
  return target;
}
