import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { SessionModule, type SessionModuleOptions } from 'nestjs-sessions';
import { readSession, sessionCookie } from 'nestjs-sessions/testing';
import { z } from 'zod';
import { SECRET } from '../../support/app.js';

const compile = (options: Partial<SessionModuleOptions> = {}) =>
  Test.createTestingModule({ imports: [SessionModule.forRoot({ secretKey: SECRET, ...options })] }).compile();

describe('The test kit', () => {
  it('needs no HTTP server, only the compiled module', async () => {
    const module = await compile();
    expect(sessionCookie(module, { user: 'tom' })).toMatch(/^session=[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('makes no cookie of nothing', async () => {
    expect(sessionCookie(await compile(), {})).toBe('');
  });

  it.each<[string, string, object, { readonly maxAge?: number }]>([
    ['a value that JSON cannot carry', 'ERR_SESSION_NOT_SERIALIZABLE', { big: 1n }, {}],
    ['more than fits', 'ERR_SESSION_TOO_LARGE', { text: 'x'.repeat(5000) }, {}],
    ['the key "__proto__"', 'ERR_SESSION_KEY_FORBIDDEN', JSON.parse('{"__proto__":1}') as object, {}],
    ['an impossible lifetime', 'ERR_SESSION_MAX_AGE_INVALID', { user: 'tom' }, { maxAge: 0 }],
  ])('refuses data that a handler could not save either: %s', async (_, code, data, options) => {
    const module = await compile();
    expect(() => sessionCookie(module, data, options)).toThrow(expect.objectContaining({ name: 'SessionError', code }));
  });

  it('says so where no session has the name', async () => {
    const module = await compile();
    expect(() => sessionCookie(module, { user: 'tom' }, { name: 'admin' })).toThrow(/SessionManager\(admin\)/);
    expect(() => readSession(module, [], 'admin')).toThrow(/SessionManager\(admin\)/);
  });

  it('reads the data as the schema of the application changes it', async () => {
    const schema = z.object({ user: z.string(), theme: z.string().default('light') });
    const module = await compile({ schema });
    const lines = [`${sessionCookie(module, { user: 'tom' })}; Path=/`];
    expect(readSession(module, lines)).toEqual({ user: 'tom', theme: 'light' });
    const refused = [`${sessionCookie(module, { user: 7 })}; Path=/`];
    expect(readSession(module, refused)).toBeUndefined();
  });

  it('reads a copy', async () => {
    const module = await compile();
    const lines = [`${sessionCookie(module, { cart: ['tea'] })}; Path=/`];
    const data = readSession(module, lines) as { cart: string[] };
    data.cart.push('milk');
    expect(readSession(module, lines)).toEqual({ cart: ['tea'] });
  });

  it('reads by the options of the application, onReject among them', async () => {
    const reasons: string[] = [];
    const module = await compile({ onReject: (reason) => reasons.push(reason) });
    expect(readSession(module, [`session=junk; Path=/`])).toBeUndefined();
    expect(reasons).toEqual(['malformed']);
  });
});
