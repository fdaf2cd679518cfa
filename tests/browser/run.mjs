// Every journey of journeys/, one after the other: `node tests/browser/run.mjs [words of a name…]`.
// One line each, `ok - name` or `not ok - name: why`, and the sum at the end.

import { readdir } from 'node:fs/promises';
import { closeBrowser } from './browser.mjs';
import { journeys, walk } from './harness.mjs';

const folder = new URL('./journeys/', import.meta.url);
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort()) {
  await import(new URL(file, folder));
}

const words = process.argv.slice(2);
const chosen = journeys.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
let failed = 0;
for (const journey of chosen) {
  const began = performance.now();
  const why = await walk(journey);
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  if (why === null) {
    console.log(`ok - ${journey.name} (${took})`);
  } else {
    failed += 1;
    const [first, ...rest] = why.split('\n');
    console.log(`not ok - ${journey.name}: ${first}`);
    for (const line of rest) console.log(`  ${line}`);
  }
}
await closeBrowser();
console.log(`# ${chosen.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && chosen.length > 0 ? 0 : 1);
