import { expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Query } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Session, SessionManager, SessionService } from 'nestjs-sessions';
import { describeOnEachPlatform, startApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { savedClaims } from '../../support/saved.js';
import { sentClaims } from '../../support/tokens.js';

/** Holds everybody back until so many have come: all of them are then in the midst of a request. */
class Meeting {
  #waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  async join(): Promise<void> {
    if (this.#waiting.length + 1 < this.size) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

let meeting = new Meeting(1);

/** Lets others go first, for so many turns of the event loop. */
async function stepBack(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}

/** Request-scoped, since it injects the session. */
@Injectable()
class Notes {
  constructor(private readonly session: SessionService) {}

  async add(note: string): Promise<void> {
    await meeting.join();
    await stepBack(note.length % 3);
    this.session.data.notes.push(note);
  }
}

@Controller()
class NotesController {
  constructor(private readonly notes: Notes) {}

  @Get('injected')
  async injected(@Session() session: Session, @Query('user') user: string, @Query('n') n: string): Promise<string> {
    session.data.notes ??= [];
    await this.notes.add(`${user}${n}`);
    await stepBack(Number(n) % 4);
    session.set('user', user);
    return `${session.id} ${session.data.notes.join()}`;
  }
}

@Controller()
class SingletonController {
  constructor(private readonly sessions: SessionManager) {}

  @Get('decorated')
  async decorated(@Session() session: Session, @Query('user') user: string, @Query('n') n: string): Promise<string> {
    session.data.notes ??= [];
    await meeting.join();
    await stepBack(Number(n) % 3);
    session.data.notes.push(`${user}${n}`);
    await stepBack(user.length % 4);
    session.set('user', user);
    return `${session.id} ${session.data.notes.join()}`;
  }

  @Get('empty')
  async empty(): Promise<string> {
    await stepBack(1);
    return typeof this.sessions;
  }
}

const VISITORS = 30;
const ROUNDS = 5;

describeOnEachPlatform('Requests in parallel', (platform) => {
  it.each(['injected', 'decorated'])('have a session each (/%s)', async (path) => {
    const controllers = [NotesController, SingletonController];
    const app = await startApp(platform, { controllers, providers: [Notes] });
    meeting = new Meeting(VISITORS);

    const visit = async (client: Client, user: string): Promise<string> => {
      const ids = new Set<string>();
      const notes: string[] = [];
      for (let n = 0; n < ROUNDS; n++) {
        const [reply, empty] = await Promise.all([
          client.get(`/${path}?user=${user}&n=${n}`),
          client.get('/empty', { headers: { cookie: '' } }),
        ]);
        notes.push(`${user}${n}`);
        const claims = await savedClaims(client, reply);
        ids.add(claims.jti);
        expect(reply.text).toBe(`${claims.jti} ${notes.join()}`);
        expect(claims.data).toEqual({ notes, user });
        expect(empty.setCookie).toEqual([]);
      }
      expect(ids.size).toBe(1);
      return [...ids].join();
    };

    const users = Array.from({ length: VISITORS }, (_, index) => 'u'.repeat((index % 5) + 1) + index);
    const ids = await Promise.all(users.map((user) => visit(app.client(), user)));
    expect(new Set(ids).size).toBe(VISITORS);
  });

  it('of one visitor do not disturb each other, and the last answer wins', async () => {
    const app = await startApp(platform, { controllers: [SingletonController] });
    const client = app.client();
    meeting = new Meeting(1);
    const first = sentClaims(await client.get('/decorated?user=a&n=0'));
    const cookie = `session=${await client.cookie()}`;
    meeting = new Meeting(4);
    const replies = await Promise.all(
      [1, 2, 3, 4].map((n) => client.get(`/decorated?user=a&n=${n}`, { headers: { cookie } })),
    );
    expect(replies.map((reply) => sentClaims(reply).data['notes'])).toEqual([1, 2, 3, 4].map((n) => ['a0', `a${n}`]));
    expect(new Set(replies.map((reply) => sentClaims(reply).jti))).toEqual(new Set([first.jti]));
  });
});
