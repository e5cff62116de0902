import { createApp, type Platform } from './create-app.js';

const platform: Platform = process.env.PLATFORM === 'fastify' ? 'fastify' : 'express';
const app = await createApp(platform);
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
process.stdout.write(`Open ${await app.getUrl()} (${platform})\n`);
