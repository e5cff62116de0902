import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * Sends requests through an application's listener without a network: Node's own request and response objects on a
 * socket that leads nowhere. What the kernel costs, the same for all and the noisiest part by far, is left out.
 */
export class Exchange {
  readonly #listener: RequestListener;
  readonly #headers: Record<string, string>;
  readonly #rawHeaders: string[];
  /** One for all requests, one after another, as of a client that keeps its connection. */
  readonly #socket = new Nowhere();

  constructor(listener: RequestListener, headers: Record<string, string>) {
    this.#listener = listener;
    this.#headers = headers;
    this.#rawHeaders = Object.entries(headers).flat();
  }

  /** @throws Error where the last response is none with a page */
  async times(count: number): Promise<void> {
    let last: ServerResponse | undefined;
    for (let i = 0; i < count; i++) last = await this.once('/');
    if (last?.statusCode !== 200) throw new Error(`A request was answered ${last?.statusCode ?? 'not at all'}.`);
  }

  /** Resolves with the response once it has been written whole. */
  once(url: string): Promise<ServerResponse> {
    const socket = this.#socket;
    const request = new IncomingMessage(socket);
    request.method = 'GET';
    request.url = url;
    request.httpVersionMajor = request.httpVersionMinor = 1;
    request.httpVersion = '1.1';
    request.rawHeaders = [...this.#rawHeaders];
    request.headers = { ...this.#headers };
    request.push(null);
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    return new Promise((resolve) => {
      response.on('finish', () => {
        response.detachSocket(socket);
        resolve(response);
      });
      this.#listener(request, response);
    });
  }
}

/** Takes whatever is written and forgets it. */
class Nowhere extends Socket {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }

  override _writev(_chunks: unknown, done: () => void): void {
    done();
  }
}
