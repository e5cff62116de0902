/** Before all suites that are run with `STORE=redis`: starts a server for them, whose address the workers inherit. */
export default async function start() {
  process.stdout.write(`\nSessions are in a store: ${process.env.STORE}.\n`);
  if (process.env.STORE !== 'redis') return;
  await import('./ts-loader.mjs');
  const { startRedis } = await import('./redis-server.ts');
  globalThis.suiteRedis = await startRedis();
  process.env.SUITE_REDIS_URL = globalThis.suiteRedis.url;
}
