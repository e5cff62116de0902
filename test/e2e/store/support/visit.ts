import { get } from 'node:http';
import { type Platform, startApp } from '../../../support/app.js';
import type { TestStore } from '../../../support/stores.js';
import { type Path, PathsModule, useCounter } from './paths.js';

/** What the client has got, and what the store had when the headers came. */
export async function visit(platform: Platform, { path, method = 'GET' }: Path, store: TestStore) {
  const { url, client } = await startApp(platform, {
    session: { store },
    imports: [PathsModule],
    configure: useCounter,
  });
  const visitor = client();
  await visitor.get('/text');
  const cookie = `session=${await visitor.cookie()}`;
  return new Promise<{ status: number | undefined; text: string; data: unknown; length: string | undefined }>(
    (resolve, reject) => {
      get(url + path, { method, headers: { cookie }, agent: false }, (response) => {
        const { data } = store;
        const { statusCode: status, headers } = response;
        response
          .setEncoding('utf8')
          .toArray()
          .then((parts) => resolve({ status, text: parts.join(''), data, length: headers['content-length'] }), reject);
      }).on('error', reject);
    },
  );
}
