import { describe, expect, it } from '@jest/globals';
import { HttpExchange } from '../../../lib/http/http-exchange.js';
import { AttributesByRequest } from '../../../lib/options/cookie-attributes.js';
import { parseOptions } from '../../../lib/options/parse-options.js';
import type { SessionModuleOptions } from '../../../lib/options/session.options.js';
import { exchangeWith } from '../../support/exchange.js';
import { SECRET } from '../../support/secrets.js';

const attributes = (options: Partial<SessionModuleOptions>) =>
  new AttributesByRequest(parseOptions({ secretKey: SECRET, ...options }));
const exchange = () => new HttpExchange(exchangeWith(undefined).request);

describe('AttributesByRequest', () => {
  it.each([
    [true, true],
    [false, false],
    ['auto' as const, false],
  ])('does not vary where all options are constant: secure %p', (secure, expected) => {
    expect(attributes({ secure }).of(exchange())).toStrictEqual({ secure: expected, varying: undefined });
  });

  it('gives the same object for the same values', () => {
    const byRequest = attributes({ domain: () => 'a.org' });
    const { varying } = byRequest.of(exchange());
    expect(varying).toStrictEqual({ sameSite: 'lax', domain: 'a.org' });
    expect(byRequest.of(exchange()).varying).toBe(varying);
  });

  it('forgets values when there are more than 1000', () => {
    let tenant = 0;
    const byRequest = attributes({ domain: () => `t${tenant}.org` });
    const { varying } = byRequest.of(exchange());
    for (tenant = 1; tenant < 1000; tenant++) byRequest.of(exchange());
    tenant = 0;
    expect(byRequest.of(exchange()).varying).toBe(varying);
    tenant = 1000;
    byRequest.of(exchange());
    tenant = 0;
    expect(byRequest.of(exchange()).varying).not.toBe(varying);
  });

  it('passes the request to each function', () => {
    const seen: unknown[] = [];
    const { request } = exchangeWith(undefined);
    attributes({
      domain: (given) => void seen.push(given),
      secure: (given) => void seen.push(given),
      sameSite: (given) => void seen.push(given),
    }).of(new HttpExchange(request));
    expect(seen).toStrictEqual([request, request, request]);
  });
});
