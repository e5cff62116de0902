import { createApp } from './create-app.js';

const app = await createApp();
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
process.stdout.write(`Open ${await app.getUrl()}\n`);
