// SPDX-License-Identifier: Apache-2.0
// The benchmark's records: as varied as real ones, each with its name alone, the same at each call.
// Usage: node tests/bench_data_test.mjs [PROGRAM]
import assert from 'node:assert';
import {execFileSync, spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';

const GENERATOR = fileURLToPath(new URL('../bench/generate.mjs', import.meta.url));
const generate = (...args) => execFileSync(process.execPath, [GENERATOR, ...args], {maxBuffer: 1 << 28});

const bytes = generate('--records', '20000');
const left = gzipSync(bytes, {level: 6}).length / bytes.length;
assert.ok(left >= 0.33 && left <= 0.40, `gzip -6 leaves ${(100 * left).toFixed(1)} %, not 33 to 40`);

const lines = bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
assert.equal(lines.length, 20000);
assert.equal(new Set(lines.map((line) => line.id)).size, 20000);
const uuid = /^hanse:bench\.example\/hanse\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
assert.ok(lines.every((line) => uuid.test(line.id) && Object.keys(line).join() === 'id,record'));
assert.ok(!bytes.includes('"identifiers"'));
const languages = lines.map((line) => line.record.project.title[0].language);
for (const language of ['en', 'es', 'de', 'ja'])
    assert.ok(languages.filter((other) => other === language).length > 4000, language);
const mean = bytes.length / lines.length;
assert.ok(mean > 600 && mean < 800, `a line has ${mean} bytes in the mean`);

assert.ok(bytes.subarray(0, 4096).equals(generate('--records', '10').subarray(0, 4096)));
const tail = generate('--records', '1', '--from', '19999');
assert.ok(bytes.subarray(bytes.length - tail.length).equals(tail));
assert.ok(!generate('--records', '10', '--seed', '2').equals(generate('--records', '10')));

if (process.argv[2]) {
    const judged = spawnSync(process.argv[2], ['validate', '-', '--json'], {input: generate('--records', '500')});
    const findings = judged.stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.equal(judged.status, 0, judged.stderr.toString());
    assert.ok(findings.every((finding) => finding.severity === 'warning'));
}
console.log(`gzip -6 leaves ${(100 * left).toFixed(1)} %`);
