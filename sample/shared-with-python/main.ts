import { randomBytes } from 'node:crypto';
import { createApp } from './create-app.js';
import { findPython, startPython } from './python.js';

const python = findPython();
if (python === undefined) {
  process.stdout.write(
    'This sample needs Python with Starlette and uvicorn: apt-get install python3-starlette python3-uvicorn python3-itsdangerous\n',
  );
  process.exit(1);
}
const secret = process.env.SESSION_SECRET ?? randomBytes(32).toString('base64');
const service = await startPython(python, new URL('.', import.meta.url), secret);
const app = await createApp(secret, service.port);
await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
process.stdout.write(`Open ${await app.getUrl()}/node and ${await app.getUrl()}/python: one session, two languages.\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([app.close(), service.stop()]).then(() => process.exit(0));
  });
}
