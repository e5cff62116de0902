#!/usr/bin/env node
import { run } from './run.js';

// The reader of a pipe may stop early, as in `| head -1`: not an error of ours.
process.stdout.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  stdin: process.stdin,
  now: Date.now(),
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
