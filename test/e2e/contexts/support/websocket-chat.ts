import { afterEach } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { createApp } from '../../../../sample/websocket/create-app.js';
import { type Platform, SECRET } from '../../../support/app.js';

const running = new Set<INestApplication>();

afterEach(async () => {
  const apps = [...running];
  running.clear();
  await Promise.all(apps.map((app) => app.close()));
});

/** Starts the WebSocket sample in this process, on port 0. @returns its address */
export async function startChat(platform: Platform): Promise<string> {
  process.env.SESSION_SECRET = SECRET;
  const app = await createApp(platform);
  running.add(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
