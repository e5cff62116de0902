import type { RequestInit } from './client.js';

/** What a browser sends for a form. */
export function form(fields: Readonly<Record<string, string>>): RequestInit {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}
