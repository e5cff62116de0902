import { createCipheriv, createHmac, randomBytes } from 'node:crypto';

/** A compact JWS by hand, over any header and any payload, by any hash. */
export function jws(header: string, payload: string | Buffer, key: string | Buffer, hash = 'sha256'): string {
  const input = `${base64url(header)}.${base64url(payload)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

/** A compact JWE by hand: direct encryption by AES-GCM with the key as it is; by AES-128 or AES-256 as it is long. */
export function jwe(header: string, payload: string | Buffer, key: Buffer, encryptedKey = ''): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce);
  const protectedHeader = base64url(header);
  cipher.setAAD(Buffer.from(protectedHeader));
  const ciphertext = Buffer.concat([cipher.update(payload), cipher.final()]);
  const parts = [nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return `${protectedHeader}.${encryptedKey}.${parts.join('.')}`;
}

export function base64url(bytes: string | Uint8Array): string {
  return Buffer.from(bytes as string).toString('base64url');
}
