// SPDX-License-Identifier: Apache-2.0
// Goals, and whether they are met: each a number of this run against its bound.
export class Report {
    constructor() {
        this.rows = [];
        this.facts = {};
    }

    fact(name, value) {
        this.facts[name] = value;
        console.log(`  ${name.padEnd(46)} ${value}`);
    }

    // What a command took.
    took(name, measured) {
        this.fact(name, `${measured.wall_s.toFixed(2)} s, processor ${measured.cpu_s.toFixed(2)} s, ` +
            `${(measured.max_kib / 1024).toFixed(1)} MiB`);
    }

    // `value` must be at most `bound`; a smoke run only tells.
    goal(name, value, bound, digits = 2) {
        const met = value <= bound;
        this.rows.push({name, value, bound, met});
        console.log(`  ${met ? 'ok    ' : 'MISSED'} ${name.padEnd(48)} ${value.toFixed(digits)}  at most ${bound}`);
    }

    get missed() {
        return this.rows.filter((row) => !row.met);
    }
}
