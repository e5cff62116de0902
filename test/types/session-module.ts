import type { DynamicModule } from '@nestjs/common';
import { expectTypeOf } from 'expect-type';
import type { IncomingMessage } from 'node:http';
import {
  SessionError,
  type SessionErrorCode,
  SessionModule,
  type SessionModuleOptions,
  type SessionOptionsFactory,
  type SessionRejectReason,
} from 'nestjs-sessions';

class OptionsFactory implements SessionOptionsFactory {
  createSessionOptions(): SessionModuleOptions {
    return { secretKey: 'secret' };
  }
}

export function synchronously(secret: string): void {
  expectTypeOf(SessionModule.forRoot({ secretKey: secret })).toEqualTypeOf<DynamicModule>();
  expectTypeOf(SessionModule.forRoot(secret)).toEqualTypeOf<DynamicModule>();
  SessionModule.forRoot(secret, { maxAge: 60, isGlobal: false });
  SessionModule.forRoot(Buffer.from(secret), {});
  SessionModule.forRoot([secret, Buffer.from(secret), new Uint8Array(32)]);
  SessionModule.forRoot([secret] as const, { rolling: true });
  SessionModule.forRoot({ secretKey: [secret], isGlobal: true, domain: undefined, maxAge: undefined });
  // @ts-expect-error -- without options there is no secret
  SessionModule.forRoot();
  // @ts-expect-error -- the secret is missing
  SessionModule.forRoot({ maxAge: 60 });
  // @ts-expect-error -- the secret may be missing: check it before
  SessionModule.forRoot(process.env['SESSION_SECRET']);
  // @ts-expect-error -- two secrets: which one counts?
  SessionModule.forRoot(secret, { secretKey: secret });
  // @ts-expect-error -- options stand alone or behind a secret
  SessionModule.forRoot({ secretKey: secret }, { maxAge: 60 });
  // @ts-expect-error -- no such option
  SessionModule.forRoot({ secretKey: secret, secret });
  // @ts-expect-error -- no such option
  SessionModule.forRoot(secret, { maxage: 60 });
  // @ts-expect-error -- no such value
  SessionModule.forRoot(secret, { sameSite: 'Lax' });
  // @ts-expect-error -- no such value
  SessionModule.forRoot(secret, { secure: 'always' });
  // @ts-expect-error -- no such value
  SessionModule.forRoot(secret, { priority: 'highest' });
  // @ts-expect-error -- seconds are a number
  SessionModule.forRoot(secret, { maxAge: '14d' });
}

export function asynchronously(secret: string): void {
  expectTypeOf(SessionModule.forRootAsync({ useClass: OptionsFactory })).toEqualTypeOf<DynamicModule>();
  SessionModule.forRootAsync({ useExisting: OptionsFactory, isGlobal: false });
  SessionModule.forRootAsync({ useFactory: () => ({ secretKey: secret }) });
  SessionModule.forRootAsync({ useFactory: () => Promise.resolve({ secretKey: [secret], secure: 'auto' as const }) });
  SessionModule.forRootAsync({ inject: ['KEY'], useFactory: (secretKey: string) => ({ secretKey }) });
  // @ts-expect-error -- the secret is missing
  SessionModule.forRootAsync({ useFactory: () => ({ maxAge: 60 }) });
  // @ts-expect-error -- no factory of session options
  SessionModule.forRootAsync({ useClass: Date });
  // @ts-expect-error -- there is no other name for it
  SessionModule.registerAsync({ useClass: OptionsFactory });
}

export function reporting(secret: string): void {
  expectTypeOf<SessionRejectReason>().toEqualTypeOf<
    'malformed' | 'too-large' | 'unknown-key' | 'tampered' | 'expired' | 'future' | 'schema' | 'revoked' | 'stored'
  >();
  SessionModule.forRoot(secret, {
    onReject(reason, request) {
      expectTypeOf(reason).toEqualTypeOf<SessionRejectReason>();
      expectTypeOf(request).toEqualTypeOf<IncomingMessage>();
      // @ts-expect-error -- no such reason
      return reason === 'forged';
    },
  });
  SessionModule.forRoot(secret, {
    onRenew({ reason, previousHandle }) {
      expectTypeOf(previousHandle).toEqualTypeOf<string | undefined>();
      // @ts-expect-error -- no such reason
      return reason === 'forged';
    },
    onSaveFailed: ({ code }) => expectTypeOf(code).toEqualTypeOf<SessionErrorCode | undefined>(),
    // @ts-expect-error -- no event has the id
    onCreate: ({ id }) => id,
  });
  SessionModule.forRoot(secret, { onReject: (reason) => void reason });
  // @ts-expect-error -- the cookie's value is never handed out
  SessionModule.forRoot(secret, { onReject: (reason, request, value: string) => void [reason, request, value] });
}

export function failing(error: unknown): SessionErrorCode | undefined {
  if (!(error instanceof SessionError)) return undefined;
  expectTypeOf(error.code).toEqualTypeOf<SessionErrorCode>();
  expectTypeOf(error.name).toEqualTypeOf<string>();
  // @ts-expect-error -- no such code
  if (error.code === 'ERR_SESSION_UNKNOWN') return undefined;
  // @ts-expect-error -- read-only
  error.code = 'ERR_SESSION_TOO_LARGE';
  return error.code;
}
