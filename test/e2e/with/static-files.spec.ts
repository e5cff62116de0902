import { describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SessionManager } from 'nestjs-sessions';
import { startApp } from '../../support/app.js';
import { RecordingLogger } from '../../support/log.js';
import { routes } from '../../support/routes.js';

const folder = dirname(fileURLToPath(import.meta.url));
const file = 'static-files.spec.ts';

type SendFile = (path: string, options?: object) => void;

const sending = (options?: object) => (session: { set(key: string, value: unknown): void }, response: object) => {
  session.set('n', 1);
  const sendFile = Reflect.get(response, 'sendFile') as SendFile;
  return new Promise((resolve) => {
    sendFile.call(response, join(folder, file), { ...options });
    (response as NodeJS.EventEmitter).once('close', resolve);
  });
};

const start = async (options?: object) => {
  const logger = new RecordingLogger();
  const app = await startApp('express', {
    controllers: [routes({ file: sending(), uncached: sending({ cacheControl: false }) })],
    logger,
    configure: (nest) => {
      nest.use('/files', (request: object, response: object, next: () => void) => {
        nest.get(SessionManager).open(request, response).set('n', 1);
        next();
      });
      (nest as NestExpressApplication).useStaticAssets(folder, { prefix: '/files', ...options });
    },
  });
  return { visitor: app.client(), logger };
};

/** Files of Express are public of their own accord. */
describe('Files beside a session cookie', () => {
  it.each(['/file', `/files/${file}`])('are warned of, by method and path: %s', async (path) => {
    const { visitor, logger } = await start();
    for (let round = 0; round < 2; round++) {
      const reply = await visitor.get(`${path}?token=secret`, { headers: { cookie: '' } });
      expect([reply.setCookie.length, reply.headers['cache-control']]).toEqual([1, 'public, max-age=0']);
    }
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message:
          `The answer to "GET ${path}" sets the session cookie and may be stored by shared caches: its Cache-Control is ` +
          'public. Make it private; sendFile() and static files take cacheControl: false.',
      },
    ]);
  });

  it.each(['/uncached', `/files/${file}`])('are kept out of caches with cacheControl: false: %s', async (path) => {
    const { visitor, logger } = await start({ cacheControl: false });
    const reply = await visitor.get(path);
    expect([reply.setCookie.length, reply.headers['cache-control'], logger.lines]).toEqual([
      1,
      'private, no-store',
      [],
    ]);
  });
});
