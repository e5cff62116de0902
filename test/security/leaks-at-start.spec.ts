import { describe, expect, it } from '@jest/globals';
import { SessionError, SessionModule } from 'nestjs-sessions';
import { describeOnEachPlatform, OTHER_SECRET, SECRET, startApp } from '../support/app.js';
import { thrownBy } from '../support/errors.js';
import { EveryLine, MARKER } from './support/leak-scenario.js';
import { deriveKey } from '../support/keys.js';
import { resolveSettings } from '../support/settings.js';
import { ERROR_MESSAGE, shown, spellings } from '../support/spellings.js';

const SHORT = 'a secret too short';

/** Wrong options: their error must not print them. */
const WRONG: Readonly<Record<string, () => unknown>> = {
  'a short secret': () => SessionModule.forRoot(SHORT),
  'a short second secret': () => SessionModule.forRoot([SECRET, SHORT]),
  'a short Buffer': () => SessionModule.forRoot(Buffer.from(SHORT)),
  'a short second Buffer': () => SessionModule.forRoot([SECRET, Buffer.from(SHORT)]),
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

const KEYS = [SECRET, OTHER_SECRET].map((secret) => deriveKey(secret, 'HS256').key);
const HIDDEN = [SECRET, OTHER_SECRET, SHORT, MARKER, ...KEYS].flatMap((secret) => spellings(secret));
const leaksOf = (value: unknown) => {
  const text = shown(value);
  return HIDDEN.filter((secret) => text.includes(secret));
};

describe('No secret is shown', () => {
  it.each(Object.keys(WRONG))('by the error for %s', (name) => {
    const error = thrownBy(() => WRONG[name]?.());
    expect(error).toBeInstanceOf(SessionError);
    expect((error as SessionError).message).toMatch(ERROR_MESSAGE);
    expect(leaksOf(error)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['forRoot(options)', SessionModule.forRoot({ secretKey: SECRET })],
    ['forRoot(secret)', SessionModule.forRoot(SECRET)],
    ['forRoot(secrets)', SessionModule.forRoot([Buffer.from(SECRET), OTHER_SECRET], { maxAge: 60 })],
    ['the settings', resolveSettings({ secretKey: [SECRET, OTHER_SECRET] })],
    ['the codec', resolveSettings({ secretKey: [SECRET, OTHER_SECRET] }).codec],
  ])('by %s', (_, value) => {
    expect(leaksOf(value)).toEqual([]);
  });
});

describeOnEachPlatform('No secret is shown', (platform) => {
  it('by an application that does not start', async () => {
    const logger = new EveryLine();
    const imports = [SessionModule.forRootAsync({ useFactory: () => ({ secretKey: [SECRET, SHORT], path: MARKER }) })];
    const error: unknown = await startApp(platform, { session: false, imports, logger }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'ERR_SESSION_OPTION_INVALID' });
    expect(leaksOf([error, logger.lines])).toEqual([]);
  });
});
