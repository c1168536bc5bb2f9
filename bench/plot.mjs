// SPDX-License-Identifier: Apache-2.0
// Draws what bench/run measured of growth: processor time and memory over the size of the feed, both axes in powers of ten.
// Usage: node bench/plot.mjs RESULTS.json OUTPUT.svg
import {readFileSync, writeFileSync} from 'node:fs';

const WIDTH = 640, HEIGHT = 360, LEFT = 60, TOP = 20, RIGHT = 170, BOTTOM = 45;
const LINES = [
    {step: 'imported', text: 'import', color: '#999999'}, {step: 'published', text: 'publish', color: '#b8541a'},
    {step: 'synced', text: 'first sync', color: '#14517a'}, {step: 'one', text: 'publish one more', color: '#d99a6c', dashed: true},
    {step: 'next', text: 'sync one more', color: '#5b9ac6', dashed: true}, {step: 'nothing', text: 'sync nothing new', color: '#4a7d3a', dashed: true},
];

const {points} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const seconds = points.flatMap((point) => LINES.map(({step}) => point[step].cpu_s));
const range = (values) => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
const [x0, x1] = range(points.map((point) => point.size));
const [y0, y1] = range(seconds);
const x = (value) => LEFT + (Math.log10(value) - x0) / Math.max(1, x1 - x0) * (WIDTH - LEFT - RIGHT);
const y = (value) => HEIGHT - BOTTOM - (Math.log10(value) - y0) / Math.max(1, y1 - y0) * (HEIGHT - TOP - BOTTOM);
const out = [`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`];
const text = (at, line, value, anchor = 'middle') => out.push(`<text x="${at}" y="${line}" text-anchor="${anchor}">${value}</text>`);
for (let power = x0; power <= x1; power++) {
    out.push(`<path d="M${x(10 ** power)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#dddddd"/>`);
    text(x(10 ** power), HEIGHT - BOTTOM + 18, (10 ** power).toLocaleString('en'));
}
for (let power = y0; power <= y1; power++) {
    out.push(`<path d="M${LEFT} ${y(10 ** power)}H${WIDTH - RIGHT}" stroke="#dddddd"/>`);
    text(LEFT - 6, y(10 ** power) + 4, `${10 ** power} s`, 'end');
}
text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, 'records in the feed');
let lastLabel = -Infinity;
for (const {step, text: name, color, dashed} of [...LINES].sort((a, b) => points.at(-1)[b.step].cpu_s - points.at(-1)[a.step].cpu_s)) {
    const places = points.map((point) => `${x(point.size).toFixed(1)} ${y(point[step].cpu_s).toFixed(1)}`);
    out.push(`<path d="M${places.join('L')}" fill="none" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="5 3"' : ''}/>`);
    lastLabel = Math.max(y(points.at(-1)[step].cpu_s) + 4, lastLabel + 14);
    out.push(`<text x="${WIDTH - RIGHT + 8}" y="${lastLabel.toFixed(1)}" fill="${color}">${name}</text>`);
}
writeFileSync(process.argv[3], out.join('\n') + '\n</svg>\n');
