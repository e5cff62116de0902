// Runs a sample from its source: npm run sample -- passport
import { existsSync, readdirSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const samples = readdirSync(here).filter((name) => existsSync(new URL(`${name}/main.ts`, here)));
const [name] = process.argv.slice(2);

if (name !== undefined && samples.includes(name)) {
  await import(`./${name}/main.js`);
} else {
  const given = name === undefined ? 'no name was given' : `there is none called ${JSON.stringify(name)}`;
  process.stderr.write(`Cannot run a sample: ${given}. Choose one of these: ${samples.join(', ')}.\n`);
  process.exitCode = 1;
}
