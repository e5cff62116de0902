// The last step of `npm run build`: what the compiler does not write.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path/posix';

writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

// The types of the ES modules are those of the CommonJS build: with declarations of its own, each class with private
// fields would be two types, and the session of an ES module no argument for a function of a CommonJS library.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
for (const { import: esm, require: cjs } of Object.values(exports)) {
  if (esm === undefined) continue;
  const target = relative(dirname(esm.types), cjs.default);
  writeFileSync(esm.types, `export * from '${target.startsWith('.') ? target : `./${target}`}';\n`);
}
