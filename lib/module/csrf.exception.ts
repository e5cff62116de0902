import { ForbiddenException } from '@nestjs/common';

/**
 * Why a request was refused, in the answer too: a stable string to compare with.
 *
 * - `ERR_CSRF_TOKEN_MISSING`: neither a header nor a field has a token.
 * - `ERR_CSRF_TOKEN_INVALID`: the token is not one of this session; after a log-in, a page from before has an old one.
 * - `ERR_CSRF_CROSS_SITE`: the browser says that another site has sent the request.
 */
export type CsrfErrorCode = 'ERR_CSRF_TOKEN_MISSING' | 'ERR_CSRF_TOKEN_INVALID' | 'ERR_CSRF_CROSS_SITE';

const MESSAGES: Readonly<Record<CsrfErrorCode, string>> = {
  ERR_CSRF_TOKEN_MISSING: 'The CSRF token is missing.',
  ERR_CSRF_TOKEN_INVALID: 'The CSRF token is not valid for this session.',
  ERR_CSRF_CROSS_SITE: 'The request comes from another site.',
};

/** A 403 by `CsrfGuard`: a matter of the client, unlike a `SessionError`. */
export class CsrfException extends ForbiddenException {
  constructor(
    /** Stable: compare this, not the message. */
    readonly code: CsrfErrorCode,
  ) {
    super({ statusCode: 403, error: 'Forbidden', message: MESSAGES[code], code });
  }
}
