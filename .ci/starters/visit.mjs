// Starts a built application and visits it twice: node visit.mjs <program>
import { strict as assert } from 'node:assert';
import { start } from './start.mjs';

await start(process.argv[2], async (url) => {
  const first = await fetch(`${url}/visits`);
  const [cookie = ''] = first.headers.getSetCookie();
  const second = await fetch(`${url}/visits`, { headers: { cookie: cookie.split(';', 1)[0] } });
  assert.deepEqual([await first.text(), await second.text()], ['Visit 1', 'Visit 2']);
});
