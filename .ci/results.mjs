// Reads jest's JSON results. `failed FILE`: the paths of the suites that failed. `count FILE [AGAIN]`: the sum of all
// tests, where a suite that ran again counts by its second run.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [what, ...files] = process.argv.slice(2);
const suites = new Map();
for (const file of files.filter(existsSync)) {
  for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults)
    suites.set(relative('.', suite.name), suite);
}

if (what === 'failed') {
  for (const [path, { status }] of suites) if (status === 'failed') console.log(path);
} else {
  const tests = [...suites.values()].flatMap((suite) =>
    // A suite that could not even be loaded has no tests, and counts as one that failed.
    suite.status === 'failed' && suite.assertionResults.length === 0
      ? [{ status: 'failed' }]
      : suite.assertionResults,
  );
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const failed = suites.size === 0 ? 1 : count('failed');
  console.log(
    `${count('passed')} passed, ${failed} failed, ${count('pending', 'skipped', 'todo', 'disabled')} skipped`,
  );
}
