import { afterEach } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const running = new Set<Server>();

afterEach(async () => {
  const servers = [...running];
  running.clear();
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
});

/**
 * A provider of OAuth 2.0 (RFC 6749 §4.1) that lets everybody in as "ada", on port 0.
 * @returns its address
 */
export async function startProvider(): Promise<string> {
  const codes = new Set<string>();
  const tokens = new Set<string>();
  const answers: Readonly<Record<string, (url: URL, request: IncomingMessage, response: ServerResponse) => unknown>> = {
    '/authorize'({ searchParams }, _, response) {
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', issue(codes));
      back.searchParams.set('state', searchParams.get('state') ?? '');
      response.writeHead(302, { location: back.href }).end();
    },
    async '/token'(_, request, response) {
      const code = new URLSearchParams(await text(request)).get('code') ?? '';
      if (codes.delete(code)) json(response, 200, { access_token: issue(tokens), token_type: 'Bearer' });
      else json(response, 400, { error: 'invalid_grant' });
    },
    '/userinfo'(_, { headers }, response) {
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      json(response, tokens.has(token) ? 200 : 401, tokens.has(token) ? { sub: 'ada' } : {});
    },
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://provider');
    void (answers[url.pathname]?.(url, request, response) ?? response);
  });
  running.add(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function issue(issued: Set<string>): string {
  const value = randomUUID();
  issued.add(value);
  return value;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
}
