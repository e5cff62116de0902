import { checkOptions } from '../rules/check-options.js';
import { SessionError } from '../session.errors.js';
import { checkCodec, checkTime } from './codec-rules.js';
import { checkCookie, knownAtStart } from './cookie-rules.js';
import { DEFAULTS, type ParsedOptions } from './defaults.js';
import { sessionOption } from './option-errors.js';
import { RULES } from './option-rules.js';
import type { SessionModuleOptions } from './session.options.js';

/**
 * Checks each option, then their combinations, and fills in the defaults.
 *
 * @throws SessionError `ERR_SESSION_OPTION_UNKNOWN` or `ERR_SESSION_OPTION_INVALID`, naming the option and the remedy
 */
export function parseOptions(options: SessionModuleOptions): ParsedOptions {
  if (typeof options !== 'object' || options === null) {
    throw new SessionError(
      'ERR_SESSION_OPTION_INVALID',
      'Cannot configure sessions: the options are not an object. Give at least { secretKey }.',
    );
  }
  const checked = checkOptions(options, RULES, sessionOption);
  const parsed = Object.assign(Object.create(null), DEFAULTS, checked) as ParsedOptions;
  checkCookie(knownAtStart(parsed));
  checkCodec(parsed, checked);
  for (const format of parsed.accept) if (typeof format === 'object') checkTime('accept', format);
  return parsed;
}
