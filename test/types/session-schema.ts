import { expectTypeOf } from 'expect-type';
import { type InferSession, Session, SessionModule, type SessionSchema } from 'nestjs-sessions';
import * as v from 'valibot';
import { z } from 'zod';

const zod = z.object({ user: z.object({ name: z.string() }), visits: z.number().default(0) });
const valibot = v.object({ user: v.object({ name: v.string() }), visits: v.optional(v.number(), 0) });
const migrating = z.object({ name: z.string() }).transform(({ name }) => ({ user: { name } }));

interface Described {
  user: { name: string };
  visits: number;
}

/** It is what comes out of the schema that a session holds, after defaults and transforms. */
export function inferred(): void {
  expectTypeOf<InferSession<typeof zod>>().toEqualTypeOf<Described>();
  expectTypeOf<InferSession<typeof valibot>>().toEqualTypeOf<Described>();
  expectTypeOf<InferSession<typeof migrating>>().toEqualTypeOf<{ user: { name: string } }>();
  expectTypeOf<InferSession<SessionSchema<Described>>>().toEqualTypeOf<Described>();
}

export function typed(session: Session<InferSession<typeof zod>>): void {
  expectTypeOf(session.get('visits')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.data.user.name).toEqualTypeOf<string>();
  session.set('user', { name: 'Tom' });
  // @ts-expect-error -- the value is of another type
  session.set('visits', '1');
  // @ts-expect-error -- no such key
  session.get('visit');
}

export function given(secret: string): void {
  SessionModule.forRoot(secret, { schema: zod });
  SessionModule.forRoot({ secretKey: secret, schema: valibot });
  SessionModule.forRoot({ secretKey: secret, schema: undefined });
  SessionModule.forRootAsync({ useFactory: () => ({ secretKey: secret, schema: migrating }) });
  // @ts-expect-error -- a session is an object of values
  SessionModule.forRoot(secret, { schema: z.string() });
  // @ts-expect-error -- a session is an object of values
  SessionModule.forRoot(secret, { schema: v.number() });
  // @ts-expect-error -- a function is no schema
  SessionModule.forRoot(secret, { schema: (data: unknown) => data });
  // @ts-expect-error -- a session is an object of values
  expectTypeOf<InferSession<z.ZodString>>().toBeString();
}

/** For those who write the interface first: the schema is held to it. */
export function heldToAnInterface(secret: string): void {
  const partial = z.object({ user: z.object({ name: z.string() }) });
  SessionModule.forRoot(secret, { schema: zod satisfies SessionSchema<Described> });
  SessionModule.forRoot(secret, { schema: valibot satisfies SessionSchema<Described> });
  // @ts-expect-error -- a key is missing
  SessionModule.forRoot(secret, { schema: partial satisfies SessionSchema<Described> });
}
