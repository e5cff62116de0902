/** What a store needs of a pool of pg. */
export interface PostgresPool {
  query(sql: string, values: unknown[]): Promise<{ rows: unknown[] }>;
  connect(): Promise<PostgresClient>;
}

interface PostgresClient {
  query(sql: string): Promise<unknown>;
  on(event: 'notification', listener: (message: { payload?: string | undefined }) => void): unknown;
  on(event: 'error' | 'end', listener: () => void): unknown;
  release(destroy: boolean): void;
}

/** The pause before connecting again, in milliseconds. */
const PAUSE = 1000;

/**
 * Listens to a channel of `NOTIFY` on one connection of the pool, and on another one where it is lost: pg does not connect again
 * by itself.
 *
 * @returns stops it
 */
export async function listen(
  pool: PostgresPool,
  channel: string,
  listener: (payload: string) => void,
): Promise<() => void> {
  let client: PostgresClient | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const release = () => {
    const released = client;
    client = undefined;
    released?.release(true);
  };

  const connect = async () => {
    const connected = await pool.connect();
    client = connected;
    // Without a listener an error would end the process.
    connected.on('error', () => again(connected));
    connected.on('end', () => again(connected));
    connected.on('notification', ({ payload = '' }) => {
      if (!isStopped) listener(payload);
    });
    await connected.query(`LISTEN "${channel}"`);
    if (isStopped) release();
  };

  const again = (lost: PostgresClient | undefined) => {
    if (isStopped || lost !== client) return;
    release();
    clearTimeout(timer);
    timer = setTimeout(() => void connect().catch(() => again(client)), PAUSE);
    timer.unref();
  };

  try {
    await connect();
  } catch (error) {
    release();
    throw error;
  }
  return () => {
    isStopped = true;
    clearTimeout(timer);
    release();
  };
}
