import { quote } from '../data/quote.js';
import type { ForeignFormat } from '../interop/foreign-format.js';
import type { ParsedOptions } from './defaults.js';
import { invalidOption } from './option-errors.js';
import type { SessionModuleOptions } from './session.options.js';

/**
 * A foreign format has its own secret, encoding and times: options of our token would have no effect.
 *
 * @param given the options without their defaults
 */
export function checkCodec(parsed: ParsedOptions, given: SessionModuleOptions): void {
  const { codec, store, encrypt, cookieCount, serializer, absoluteMaxAge, rolling } = parsed;
  if (codec === undefined) return;
  if (codec.write === undefined) {
    throw invalidOption('codec', `the format ${quote(codec.format)} can only be read`, 'List it in accept instead.');
  }
  const why = `the codec ${quote(codec.format)} decides how the cookie is made`;
  if (store !== undefined) throw invalidOption('store', why, 'Leave it out, or list the codec in accept.');
  if (encrypt) throw invalidOption('encrypt', why, 'Leave it out.');
  if (cookieCount > 1) throw invalidOption('cookieCount', why, 'Leave it out.');
  if (serializer !== undefined) throw invalidOption('serializer', why, 'Leave it out.');
  if (absoluteMaxAge !== undefined) {
    const noCreation = `cookies of "${codec.format}" do not say when their session was created`;
    throw invalidOption('absoluteMaxAge', noCreation, 'Leave it out, or use a format of ours.');
  }
  checkTime('codec', codec);
  if (codec.isTimeless !== true) return;
  const noTime = `cookies of "${codec.format}" do not say when they were issued`;
  const remedy = 'Leave it out: acceptUntil of the format says how long they are accepted.';
  if (given.maxAge !== undefined) throw invalidOption('maxAge', noTime, remedy);
  if (rolling) throw invalidOption('rolling', noTime, remedy);
}

/** A stolen cookie without a time would be accepted for as long as the secret is in use. */
export function checkTime(option: 'codec' | 'accept', { format, isTimeless, acceptUntil }: ForeignFormat): void {
  if (isTimeless !== true || acceptUntil !== undefined) return;
  const why = `cookies of "${format}" do not say when they end`;
  throw invalidOption(option, why, 'Give the format acceptUntil, the time from which on none is accepted.');
}
