/** The answer to a request. */
export interface Timed {
  readonly status: number;
  /** The first cookie that was set, as a browser sends it back. */
  readonly cookie: string;
  /** From sending the request to the end of the answer. */
  readonly milliseconds: number;
}

/** Sends a GET request with a cookie and takes the time. */
export async function timedFetch(url: string, cookie = ''): Promise<Timed> {
  const start = performance.now();
  const response = await fetch(url, { headers: { cookie } });
  await response.arrayBuffer();
  const milliseconds = performance.now() - start;
  const [line = ''] = response.headers.getSetCookie();
  return { status: response.status, cookie: line.split(';', 1)[0] ?? '', milliseconds };
}
