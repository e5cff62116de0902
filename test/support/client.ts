import { type IncomingHttpHeaders, request } from 'node:http';
import { CookieJar } from 'tough-cookie';

/** A response as it was on the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, none of them merged or dropped. */
  readonly rawHeaders: readonly string[];
  /** The Set-Cookie lines, in order. */
  readonly setCookie: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

/** What a request may say beside its path. */
export interface RequestInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/**
 * A browser without a window: keeps cookies by the rules of RFC 6265bis, follows no redirect, adds no header of its own.
 */
export class Client {
  readonly jar = new CookieJar(undefined, { prefixSecurity: 'strict' });

  constructor(readonly url: string) {}

  get(path: string, init: RequestInit = {}): Promise<Reply> {
    return this.send(path, init);
  }

  post(path: string, init: RequestInit = {}): Promise<Reply> {
    return this.send(path, { method: 'POST', ...init });
  }

  /** Sends a request with the jar's cookies, unless `init` has a Cookie header, and keeps what comes back. */
  async send(path: string, init: RequestInit): Promise<Reply> {
    const url = new URL(path, this.url).href;
    const cookie = await this.jar.getCookieString(url);
    const reply = await exchange(url, { ...init, headers: { ...(cookie !== '' && { cookie }), ...init.headers } });
    for (const line of reply.setCookie) await this.jar.setCookie(line, url, { ignoreError: true });
    return reply;
  }

  /** The value of the cookie called `name` that the next request would carry. */
  async cookie(name = 'session'): Promise<string | undefined> {
    const cookies = await this.jar.getCookies(this.url);
    return cookies.find(({ key }) => key === name)?.value;
  }

  /** The names of all cookies in the jar, sorted. */
  async cookieNames(): Promise<string[]> {
    const cookies = await this.jar.getCookies(this.url);
    return cookies.map(({ key }) => key).toSorted();
  }

  async setCookie(name: string, value: string): Promise<void> {
    await this.keep(`${name}=${value}`);
  }

  /** Puts a `name=value` as it stands in a Cookie header into the jar. */
  async keep(pair: string): Promise<void> {
    await this.jar.setCookie(`${pair}; Path=/`, this.url);
  }
}

function exchange(url: string, { method = 'GET', headers = {}, body }: RequestInit): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const received = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          rawHeaders: incoming.rawHeaders,
          setCookie: incoming.headers['set-cookie'] ?? [],
          body: received,
          text: received.toString('utf8'),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
