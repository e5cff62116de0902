import { describe, expect, it } from '@jest/globals';
import { type CanActivate, Inject, Injectable, UseFilters, UseGuards } from '@nestjs/common';
import { Query, Resolver, Subscription } from '@nestjs/graphql';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { IncomingMessage } from 'node:http';
import { setImmediate as later } from 'node:timers/promises';
import { SessionManager, type SessionService } from 'nestjs-sessions';
import { PLATFORMS, startApp } from '../../support/app.js';
import { sentClaims, signIn, idOf } from '../../support/tokens.js';
import { ask, GRAPHQL_SERVERS, startGraphql } from './support/graphql-app.js';
import { subscribe } from './support/graphql-socket.js';
import { AnswerErrors, type Visitor } from './support/websocket-app.js';
import { SOCKETS } from './support/websocket-client.js';

const session = { currentSession: true };

/** A service far from the request. */
@Injectable()
class Deep {
  constructor(@Inject(SessionManager) private readonly sessions: SessionManager) {}

  get session(): SessionService<Visitor> {
    return this.sessions.current<Visitor>();
  }

  get user(): string {
    return this.session.get('user') ?? 'nobody';
  }
}

@Injectable()
class DeepGuard implements CanActivate {
  /** What the guard saw, in order. */
  readonly seen: string[] = [];

  constructor(@Inject(Deep) private readonly deep: Deep) {}

  async canActivate(): Promise<boolean> {
    await later();
    this.seen.push(this.deep.user);
    return true;
  }
}

@WebSocketGateway()
@UseFilters(AnswerErrors)
class DeepGateway implements OnGatewayConnection {
  readonly seen: string[] = [];

  constructor(
    @Inject(Deep) private readonly deep: Deep,
    @Inject(SessionManager) private readonly sessions: SessionManager,
  ) {}

  handleConnection(client: object, request?: IncomingMessage): void {
    this.sessions.open(client, request);
    this.seen.push(this.deep.user);
  }

  @SubscribeMessage('look')
  @UseGuards(DeepGuard)
  async look(client: object): Promise<object> {
    await later();
    const { user, session: current } = this.deep;
    return { event: 'seen', data: [user, current === this.sessions.open<Visitor>(client)] };
  }

  @SubscribeMessage('write')
  write(): void {
    this.deep.session.set('user', 'eve');
  }
}

const kinds = PLATFORMS.flatMap((platform) => SOCKETS.map((kind) => [kind.title, platform, kind] as const));

describe.each(kinds)('The current session of a gateway on %s (%s)', (_title, platform, kind) => {
  const start = () =>
    startApp(platform, { session, providers: [Deep, DeepGuard, DeepGateway], configure: (app) => kind.configure(app) });

  it('is that of the handshake in handlers and guards, for each of several sockets', async () => {
    const started = await start();
    const users = ['ada', 'tom', 'eve'];
    const sockets = await Promise.all(
      users.map(async (user) => {
        const client = started.client();
        await signIn(client, { user }, { claims: { jti: idOf(user) } });
        return kind.connect(client);
      }),
    );
    for (let round = 0; round < 3; round++) {
      expect(await Promise.all(sockets.map((socket) => socket.ask('look')))).toEqual(
        users.map((user) => ['seen', [user, true]]),
      );
    }
    expect(started.app.get(DeepGateway).seen.toSorted()).toEqual(users.toSorted());
    expect(started.app.get(DeepGuard).seen.toSorted()).toEqual([...users, ...users, ...users].toSorted());
  });

  it('can only be read', async () => {
    const started = await start();
    const client = started.client();
    await signIn(client, { user: 'ada' });
    const socket = await kind.connect(client);
    const [event, failure] = await socket.ask('write');
    expect([event, failure]).toEqual(['failure', expect.objectContaining({ code: 'ERR_SESSION_READ_ONLY' })]);
  });
});

@Resolver()
class DeepResolver {
  constructor(@Inject(Deep) private readonly deep: Deep) {}

  @Query(() => String)
  @UseGuards(DeepGuard)
  async deepUser(): Promise<string> {
    await later();
    return this.deep.user;
  }

  @Query(() => Boolean)
  deepWrite(): boolean {
    this.deep.session.set('user', 'eve');
    return true;
  }

  @Subscription(() => String)
  async *deepUsers(): AsyncGenerator<{ deepUsers: string }> {
    await later();
    yield { deepUsers: this.deep.user };
  }
}

describe.each(GRAPHQL_SERVERS)('The current session of %s', (...server) => {
  const providers = [Deep, DeepGuard, DeepResolver];
  const settings = server[2] === 'apollo' ? { subscriptions: { 'graphql-ws': true } } : { subscription: true };

  it('is there in resolvers and guards, and can be written', async () => {
    const client = (await startGraphql(server, { providers, session })).client();
    await signIn(client, { user: 'tom' });
    expect((await ask(client, '{ a: deepUser b: deepUser }')).data).toEqual({ a: 'tom', b: 'tom' });
    expect(sentClaims(await ask(client, '{ deepWrite }')).data).toEqual({ user: 'eve' });
  });

  it('is that of the handshake in subscriptions', async () => {
    const client = (await startGraphql(server, { providers, session }, settings)).client();
    await signIn(client, { user: 'tom' });
    expect(await subscribe(client, 'subscription { deepUsers }')).toEqual([
      { type: 'next', payload: { data: { deepUsers: 'tom' } } },
    ]);
  });
});
