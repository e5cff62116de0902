import { expect, it } from '@jest/globals';
import { SessionError, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, SECRET, startApp } from '../support/app.js';
import { EveryLine, MARKER } from '../support/leak-scenario.js';
import { shown, spellings } from '../support/spellings.js';

const SHORT = 'a secret too short';

/** Wrong options: what is started with them must not print them. */
const WRONG: Readonly<Record<string, () => unknown>> = {
  'a short secret': () => SessionModule.forRoot(SHORT),
  'a short second secret': () => SessionModule.forRoot([SECRET, Buffer.from(SHORT)]),
  'a secret of another kind': () => SessionModule.forRoot({ secretKey: [{ SECRET }] as unknown as string }),
  'an unknown option': () => SessionModule.forRoot(SECRET, { cookie: MARKER } as object),
  'a bad cookieName': () => SessionModule.forRoot(SECRET, { cookieName: `${MARKER} ` }),
  'a bad path': () => SessionModule.forRoot(SECRET, { path: MARKER }),
  'a bad domain': () => SessionModule.forRoot(SECRET, { domain: `${MARKER}/` }),
  'a bad sameSite': () => SessionModule.forRoot(SECRET, { sameSite: MARKER as 'lax' }),
  'a bad maxAge': () => SessionModule.forRoot(SECRET, { maxAge: MARKER as unknown as number }),
  'a bad accept': () => SessionModule.forRoot(SECRET, { accept: [MARKER as 'signed'] }),
  'a bad serializer': () => SessionModule.forRoot(SECRET, { serializer: { MARKER } as unknown as undefined }),
};

const HIDDEN = [SECRET, SHORT, MARKER].flatMap((secret) => spellings(secret));

describeOnEachPlatform('Nobody is told a secret', (platform) => {
  it.each(Object.keys(WRONG))('by the error at start, for %s', async (name) => {
    const error = errorOf(() => WRONG[name]?.());
    expect(error).toBeInstanceOf(SessionError);
    expect(HIDDEN.filter((secret) => shown(error).includes(secret))).toEqual([]);
  });

  it('by an application that does not start', async () => {
    const logger = new EveryLine();
    const imports = [SessionModule.forRootAsync({ useFactory: () => ({ secretKey: [SECRET, SHORT], path: MARKER }) })];
    const error: unknown = await startApp(platform, { session: false, imports, logger }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ERR_SESSION_OPTION_INVALID' });
    const text = shown([error, logger.lines]);
    expect(HIDDEN.filter((secret) => text.includes(secret))).toEqual([]);
  });
});

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error.');
}
