import type { Page } from './variant.js';

/** What the response of a variant must be, for its costs to mean anything. */
export interface Expected {
  readonly hello: string;
  /** Whether it sends the session's cookie. */
  readonly isSent: boolean;
}

/**
 * @param variant its name
 * @param cookieName that of the session's cookie
 * @throws Error where the variant does not do what it is measured for
 */
export async function check(
  variant: string,
  cookieName: string,
  response: Response,
  expected: Expected,
): Promise<void> {
  if (response.status !== 200) throw new Error(`${variant} answers ${response.status}.`);
  const { hello } = (await response.json()) as Page;
  if (hello !== expected.hello) throw new Error(`${variant} says "${hello}", not "${expected.hello}".`);
  const isSent = response.headers.getSetCookie().some((line) => line.startsWith(`${cookieName}=`));
  if (isSent !== expected.isSent) throw new Error(`${variant} ${isSent ? 'sends a' : 'sends no'} cookie.`);
}
