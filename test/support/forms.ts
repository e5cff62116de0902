import { decrypt, encrypt, jweHeader } from './jwe.js';
import { type Claims, claimsOf, forge, type Forgery, jwsHeader } from './tokens.js';

/** One of the two forms of a token, as tests make it and read it without the package. */
export interface Form {
  readonly name: 'signed' | 'encrypted';
  /** The option of the module. */
  readonly encrypt: boolean;
  readonly shape: RegExp;
  readonly forge: (data: Claims['data'], forgery?: Forgery) => string | Promise<string>;
  readonly claimsOf: (token: string) => Claims | Promise<Claims>;
  /** The text of the protected header of the session `id`. */
  readonly headerOf: (id: string) => string;
}

export const FORMS: readonly Form[] = [
  {
    name: 'signed',
    encrypt: false,
    shape: /^[\w-]+\.[\w-]+\.[\w-]{43}$/,
    forge,
    claimsOf,
    headerOf: () => jwsHeader(),
  },
  {
    name: 'encrypted',
    encrypt: true,
    shape: /^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/,
    forge: encrypt,
    claimsOf: decrypt,
    headerOf: jweHeader,
  },
];
