/** The payload of a token. */
export interface Claims {
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly ttl?: number;
  readonly abs?: number;
  readonly data: Readonly<Record<string, unknown>>;
}
