// Writes the named files of README.md (`// src/…`) into a starter, as its reader does: node readme.mjs <README.md> <folder>
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , readme, folder] = process.argv;
const files = new Map(
  [...readFileSync(readme, 'utf8').matchAll(/^```ts\n\/\/ (src\/\S+)\n([^]*?)^```$/gm)].map(([, path, text]) => [
    path,
    text,
  ]),
);
assert.deepEqual(
  [...files.keys()],
  ['visitor', 'visits.controller', 'app.module', 'main', 'login.controller'].map((name) => `src/${name}.ts`),
);

// What README says in words: "Import `LoginController` in `app.module.ts` and add it to `controllers`."
const appModule = files
  .get('src/app.module.ts')
  .replace(/(?=^import .*visits\.controller)/m, "import { LoginController } from './login.controller.js';\n")
  .replace('VisitsController]', 'VisitsController, LoginController]');
assert.equal(appModule.match(/LoginController/g).length, 2);
files.set('src/app.module.ts', appModule);

for (const [path, text] of files) writeFileSync(join(folder, path), text);
