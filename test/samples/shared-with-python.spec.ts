import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../sample/shared-with-python/create-app.js';
import { findPython, type PythonService, startPython } from '../../sample/shared-with-python/python.js';
import { SECRET } from '../support/app.js';
import { Client } from '../support/client.js';

const python = findPython();
const title = 'sample/shared-with-python';
const FOLDER = new URL('../../sample/shared-with-python/', import.meta.url);

let service: PythonService | undefined;
let app: INestApplication | undefined;

afterEach(async () => {
  await app?.close();
  await service?.stop();
  service = app = undefined;
});

async function start(): Promise<Client> {
  service = await startPython(python ?? '', FOLDER, SECRET);
  app = await createApp(SECRET, service.port);
  await app.listen(0, '127.0.0.1');
  return new Client(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
}

if (python === undefined) {
  describe(title, () => {
    it.skip('is skipped: no Python with Starlette, itsdangerous and uvicorn is installed', () => undefined);
  });
} else {
  describe(title, () => {
    it('counts the visits of one session in two languages', async () => {
      const client = await start();
      expect((await client.get('/python')).text).toBe('Python says: Hello anonymous, visit 1');
      expect((await client.get('/node')).text).toBe('Node says: Hello anonymous, visit 2');
      expect((await client.get('/python')).text).toBe('Python says: Hello anonymous, visit 3');
    }, 30_000);

    it('logs in at either and is known to the other', async () => {
      const client = await start();
      await client.get('/python/login/t%C3%B6m');
      expect((await client.get('/node')).text).toBe('Node says: Hello töm, visit 1');
      await client.get('/node/login/mike');
      expect((await client.get('/python')).text).toBe('Python says: Hello mike, visit 2');
    }, 30_000);

    it('answers 502 when the Python service is gone', async () => {
      const client = await start();
      await service?.stop();
      service = undefined;
      expect((await client.get('/python')).status).toBe(502);
      expect((await client.get('/node')).status).toBe(200);
    }, 30_000);
  });
}
