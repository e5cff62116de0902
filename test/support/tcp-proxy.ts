import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';

/** What a proxy does with what it is sent: passes it on, keeps it until `release()`, or answers the first byte only. */
export type ProxyMode = 'pass' | 'hold' | 'answer-partly';

/** A TCP proxy between a client and a server on 127.0.0.1, which a test makes slow, silent or cut. */
export class TcpProxy {
  mode: ProxyMode = 'pass';
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #upstreams = new Set<Socket>();
  #held: (() => void)[] = [];
  #arrive = () => {};

  private constructor(private readonly target: number) {
    this.#server = createServer((client) => this.#connect(client));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends when the next bytes of a client, or in "answer-partly" of the server, have come. */
  async nextBytes(): Promise<void> {
    return new Promise((resolve) => (this.#arrive = resolve));
  }

  /** Passes nothing on any more of the connections that there are, and leaves them open; of new ones it does. */
  silence(): void {
    for (const socket of [...this.#clients, ...this.#upstreams]) socket.removeAllListeners('data').resume();
  }

  /** Ends the connections of all clients. What is held stays under way. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Sends what is held, as late packets, and waits until the server has read them and gone. */
  async release(): Promise<void> {
    const gone = [...this.#upstreams].map(async (upstream) => once(upstream, 'close'));
    this.cut();
    for (const pass of this.#held.splice(0)) pass();
    this.mode = 'pass';
    for (const upstream of this.#upstreams) upstream.end();
    await Promise.all(gone);
  }

  async stop(): Promise<void> {
    for (const socket of [...this.#clients, ...this.#upstreams]) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(client: Socket): void {
    const upstream = new Socket();
    this.#clients.add(client);
    this.#upstreams.add(upstream);
    let isAnswered = false;
    client.on('data', (chunk) => {
      if (this.mode === 'hold') this.#held.push(() => upstream.write(chunk));
      else upstream.write(chunk);
      if (this.mode !== 'answer-partly') this.#arrive();
    });
    upstream.on('data', (chunk) => {
      if (this.mode !== 'answer-partly') client.write(chunk);
      else if (!isAnswered) client.write(chunk.subarray(0, 1), () => this.#arrive());
      isAnswered = this.mode === 'answer-partly';
    });
    client
      .on('error', () => {})
      .on('close', () => {
        this.#clients.delete(client);
        if (this.#held.length === 0) upstream.end();
      });
    upstream
      .on('error', () => {})
      .on('close', () => {
        this.#upstreams.delete(upstream);
        client.destroy();
      });
    upstream.connect(this.target, '127.0.0.1');
  }
}
