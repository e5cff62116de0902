/** The Cookie header that a browser sends back after these Set-Cookie lines. */
export function headerOf(lines: readonly string[]): string {
  return lines.map((line) => line.slice(0, line.indexOf(';'))).join('; ');
}

/** The Cookie header of a token, spread over several cookies of at most `size` characters. */
export function chunked(token: string, size = 4000): string {
  const values = token.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return values.map((value, index) => `session${index === 0 ? '' : `.${index}`}=${value}`).join('; ');
}
