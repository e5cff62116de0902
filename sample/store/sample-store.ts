import { Module, type OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';
import { memoryStore, postgresSchema, postgresStore, redisStore, type SessionStore } from 'nestjs-sessions/store';
import { Pool } from 'pg';

/** The store of this application: the one that the environment names, or memory. */
export class SampleStore implements OnModuleDestroy {
  constructor(
    readonly name: string,
    readonly store: SessionStore,
    private readonly close: () => unknown = () => undefined,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }

  /** `REDIS_URL` or `DATABASE_URL`: the client is made here, with the settings of docs/store.md, and closed with the application. */
  static async open(): Promise<SampleStore> {
    const { REDIS_URL, DATABASE_URL } = process.env;
    if (REDIS_URL !== undefined) {
      const client = new Redis(REDIS_URL, {
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        commandTimeout: 1000,
        socketTimeout: 2000,
      });
      client.on('error', () => undefined);
      return new SampleStore('Redis', redisStore(client), () => client.disconnect());
    }
    if (DATABASE_URL !== undefined) {
      const pool = new Pool({ connectionString: DATABASE_URL, connectionTimeoutMillis: 1000, query_timeout: 1000 });
      pool.on('error', () => undefined);
      // An application does this in a migration.
      await pool.query(postgresSchema());
      return new SampleStore('Postgres', postgresStore(pool), () => pool.end());
    }
    return new SampleStore('the memory of this process', memoryStore());
  }
}

@Module({ providers: [{ provide: SampleStore, useFactory: () => SampleStore.open() }], exports: [SampleStore] })
export class SampleStoreModule {}
