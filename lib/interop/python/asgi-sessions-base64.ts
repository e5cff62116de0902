import { SessionError } from '../../session.errors.js';

/**
 * The cookie of the Python package asgi-sessions with its default `session_type="base64"`, which is not signed: there
 * is a name for it so that whoever looks for it learns why there is no such format.
 *
 * @throws SessionError always
 */
export function asgiSessionsBase64(): never {
  throw new SessionError(
    'ERR_SESSION_OPTION_INVALID',
    'Cannot read the cookies of asgi-sessions with session_type="base64": they are not signed, so every visitor may ' +
      'write any session. Set session_type="jwt" or "fernet" on the Python side, and use asgiSessionsJwt() or ' +
      'asgiSessionsFernet() here.',
  );
}
