import type { SessionSchema } from 'nestjs-sessions';
import * as v from 'valibot';
import { z } from 'zod';

/** The same schemas, as each library writes them. */
export interface SchemaLibrary {
  readonly name: string;
  /** `{ visits: number }`, from 0; nothing else. */
  readonly visits: SessionSchema;
  /** Makes `{ user: { name } }` of `{ name }`, and leaves the former as it is. */
  readonly migrating: SessionSchema;
  /** `{ cart: { items: string[] }, theme: string }`, with a default for each. */
  readonly defaults: SessionSchema;
  readonly asynchronous: SessionSchema;
  /** Gives data that cannot be changed. */
  readonly frozen: SessionSchema;
}

const later = () => Promise.resolve(true);
const EMPTY_CART = { items: [] as string[] };

const zod: SchemaLibrary = {
  name: 'zod',
  visits: z.strictObject({ visits: z.number().min(0) }),
  migrating: z.union([
    z.object({ user: z.object({ name: z.string() }) }),
    z.object({ name: z.string() }).transform(({ name }) => ({ user: { name } })),
  ]),
  defaults: z.object({
    cart: z.object({ items: z.array(z.string()) }).default(EMPTY_CART),
    theme: z.string().default('light'),
  }),
  asynchronous: z.object({}).refine(later),
  frozen: z.object({ visits: z.number() }).readonly(),
};

const valibot: SchemaLibrary = {
  name: 'valibot',
  visits: v.strictObject({ visits: v.pipe(v.number(), v.minValue(0)) }),
  migrating: v.union([
    v.object({ user: v.object({ name: v.string() }) }),
    v.pipe(
      v.object({ name: v.string() }),
      v.transform(({ name }) => ({ user: { name } })),
    ),
  ]),
  defaults: v.object({
    cart: v.optional(
      v.custom<typeof EMPTY_CART>(() => true),
      EMPTY_CART,
    ),
    theme: v.optional(v.string(), 'light'),
  }),
  asynchronous: v.pipeAsync(v.object({}), v.checkAsync(later)),
  frozen: v.pipe(
    v.object({ visits: v.number() }),
    v.transform((data) => Object.freeze(data)),
  ),
};

export const SCHEMA_LIBRARIES: readonly SchemaLibrary[] = [zod, valibot];
