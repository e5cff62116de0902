import { UsageError } from './parse-arguments.js';

/**
 * The secrets in the environment, newest first: `SESSION_SECRET`, which is one secret with whatever it contains, or
 * `SESSION_SECRETS`, which is several with commas between them.
 *
 * @throws UsageError if both are set
 */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { SESSION_SECRET: one = '', SESSION_SECRETS: several = '' } = env;
  if (one !== '' && several !== '') {
    throw new UsageError('Cannot choose the secrets: SESSION_SECRET and SESSION_SECRETS are set. Set one of them.');
  }
  if (one !== '') return [one];
  return several.split(',').filter((secret) => secret !== '');
}
