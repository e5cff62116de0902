/** Sizes of a session's data in bytes of JSON. */
export const SIZES = [40, 139, 1000, 3000] as const;

/** What the sessions hold. */
export interface Visitor {
  readonly name: string;
  visits: number;
  readonly csrf: string;
}

/** A session as log-ins have it, of exactly so many bytes of JSON. */
export function visitorOf(size: number): Visitor {
  const small = { name: 'Ada', visits: 7, csrf: '' };
  const usual = { uid: 4711, ...small, locale: 'en-GB', roles: ['admin', 'editor'] };
  const cart: object[] = [];
  while (lengthOf({ ...usual, cart }) < size - 80) {
    cart.push({ sku: `B-${cart.length}`, count: cart.length + 1, isGift: false });
  }
  const whole = cart.length > 0 ? { ...usual, cart } : size < lengthOf(usual) ? small : usual;
  return { ...whole, csrf: 'x'.repeat(size - lengthOf(whole)) };
}

function lengthOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
