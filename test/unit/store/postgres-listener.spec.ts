import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { listen, type PostgresPool } from '../../../lib/store/postgres-listener.js';

/** A client of a pool that does what a test says. */
class FakeClient extends EventEmitter {
  released: boolean | undefined;
  query = jest.fn<(sql: string) => Promise<unknown>>().mockResolvedValue(undefined);

  release(destroy: boolean): void {
    this.released = destroy;
  }
}

describe('listen()', () => {
  let clients: FakeClient[];
  let connect: jest.Mock<() => Promise<FakeClient>>;
  let pool: PostgresPool;
  const heard: string[] = [];

  beforeEach(() => {
    jest.useFakeTimers();
    clients = [];
    heard.length = 0;
    connect = jest.fn<() => Promise<FakeClient>>(async () => {
      const client = new FakeClient();
      clients.push(client);
      return client;
    });
    pool = { connect, query: jest.fn<PostgresPool['query']>() };
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const begin = async () => listen(pool, 'gone', (payload) => heard.push(payload));

  it('listens on one connection, and gives it back for good when it is stopped', async () => {
    const stop = await begin();
    expect(clients[0]?.query.mock.calls).toEqual([['LISTEN "gone"']]);
    clients[0]?.emit('notification', { payload: 'key' });
    clients[0]?.emit('notification', {});
    expect(heard).toEqual(['key', '']);
    stop();
    expect(clients[0]?.released).toBe(true);
    clients[0]?.emit('notification', { payload: 'late' });
    expect(heard).toEqual(['key', '']);
  });

  it.each(['error', 'end'])('connects again a second after the connection was lost: %s', async (event) => {
    await begin();
    clients[0]?.emit(event, new Error('lost'));
    expect(clients[0]?.released).toBe(true);
    await jest.advanceTimersByTimeAsync(999);
    expect(connect).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(1);
    clients[1]?.emit('notification', { payload: 'key' });
    expect(heard).toEqual(['key']);
  });

  it('connects once where one connection tells of its end twice', async () => {
    await begin();
    clients[0]?.emit('error', new Error('lost'));
    clients[0]?.emit('end');
    await jest.advanceTimersByTimeAsync(5000);
    expect(connect).toHaveBeenCalledTimes(2);
  });

  it('tries again each second, whether the connection or LISTEN fails', async () => {
    await begin();
    connect.mockRejectedValueOnce(new Error('refused'));
    clients[0]?.emit('end');
    await jest.advanceTimersByTimeAsync(1000);
    const deaf = new FakeClient();
    deaf.query.mockRejectedValueOnce(new Error('terminated'));
    connect.mockResolvedValueOnce(deaf);
    await jest.advanceTimersByTimeAsync(1000);
    expect(deaf.released).toBe(true);
    await jest.advanceTimersByTimeAsync(1000);
    expect(clients[1]?.query).toHaveBeenCalledWith('LISTEN "gone"');
    await jest.advanceTimersByTimeAsync(5000);
    expect(connect).toHaveBeenCalledTimes(4);
  });

  it('rejects, and keeps no connection, where it cannot listen at first', async () => {
    const deaf = new FakeClient();
    deaf.query.mockRejectedValueOnce(new Error('terminated'));
    connect.mockResolvedValueOnce(deaf);
    await expect(begin()).rejects.toThrow('terminated');
    expect(deaf.released).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('connects no more once it is stopped, and gives back what it gets too late', async () => {
    const stop = await begin();
    clients[0]?.emit('end');
    const late = new FakeClient();
    const connected = once(late, 'connected');
    connect.mockImplementationOnce(async () => connected.then(() => late));
    await jest.advanceTimersByTimeAsync(1000);
    stop();
    late.emit('connected');
    await jest.advanceTimersByTimeAsync(5000);
    expect(late.released).toBe(true);
    late.emit('end');
    await jest.advanceTimersByTimeAsync(5000);
    expect(connect).toHaveBeenCalledTimes(2);
  });
});
