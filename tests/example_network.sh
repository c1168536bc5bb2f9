#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The worked example of a network: every file imports without a finding, every kind occurs, every reference leads to a
# record, and the report tells the story that examples/network/README.md tells.
# Usage: tests/example_network.sh PROGRAM
set -eu
. tests/shell.sh
need node
EXAMPLE=$(pwd)/examples/network
KINDS=$(sed -n '/oneof body/,/}/s/^ *\([A-Z][A-Za-z]*\) .* = [0-9]*;.*/\1/p' proto/hanse/v1/record.proto)
[ "$(printf '%s\n' "$KINDS" | wc -l)" -gt 40 ] || die 'the kinds cannot be read from record.proto'
cd "$WORK"

run 0 validate "$EXAMPLE"/*.jsonl
says '^[0-9]+ records: [0-9]+ valid, 0 invalid; nothing was staged$'
CHECKS=$((CHECKS + 1))
[ "$(wc -l <out)" -eq 1 ] && [ ! -s err ] || die 'the example has findings'

# city NODE OWNER: a node of that owner with the records of its file, published.
city() {
    run 0 -C "$1" init --origin "$1.example/hanse" --title "$1"
    run 0 -C "$1" diff --json
    run 0 -C "$1" edit "$(value 'l[0].id')" --set "feedProfile.owner.id=$2"
    run 0 -C "$1" import "$EXAMPLE/$1.jsonl" --json
    json "l[0].read === $(wc -l <"$EXAMPLE/$1.jsonl") && l[0].staged === l[0].read && l[0].invalid === 0"
    run 0 -C "$1" diff --json
    cat out >>staged
    run 0 -C "$1" publish
}
city secretariat ORGID:JP-JCN-4999905990017
city minatogawa UNLOCODE:JPM9G
city puerto-claro UNLOCODE:ECP9C
city tanjung-biru UNLOCODE:IDT9B
city vila-serena UNLOCODE:PTV9S
for file in "$EXAMPLE"/*.jsonl; do
    [ -d "$(basename "$file" .jsonl)" ] || die "nobody imports $file"
done

cp staged out
json 'const kinds = `'"$KINDS"'`.split("\n"), missing = kinds.filter((kind) => !l.some((c) => c.kind === kind));
    if (missing.length > 0) console.log("the example has no", missing.join(", "));
    missing.length === 0'

# What is named by a code is the code of a record, of the kind that is said; no code stands for two records.
cat "$EXAMPLE"/*.jsonl >out
json 'const numbers = require("fs").readFileSync("'"$OLDPWD"'/proto/hanse/v1/record.proto", "utf8"),
    numberOf = (r) => { const body = Object.keys(r).find((k) => k !== "header").replace(/[A-Z]/g, (c) => "_" + c.toLowerCase());
        return Number(numbers.match(new RegExp(" " + body + " = ([0-9]+);"))[1]); },
    kinds = new Map(), codes = l.flatMap((r) => r.header.identifiers.map((i) => `${i.scheme}:${i.value}`)),
    wrong = [], walk = (o) => { if (o === null || typeof o !== "object") return;
        if (typeof o.id === "string" && o.id.includes(":") && (!kinds.has(o.id) || (o.kind ?? kinds.get(o.id)) !== kinds.get(o.id)))
            wrong.push(o.id);
        Object.values(o).forEach(walk); };
    l.forEach((r) => r.header.identifiers.forEach((i) => kinds.set(`${i.scheme}:${i.value}`, numberOf(r))));
    l.forEach(walk); if (wrong.length > 0) console.log(wrong.join(" "));
    wrong.length === 0 && new Set(codes).size === codes.length'

# The secretariat reads all feeds and tells the story of 2025.
for node in minatogawa puerto-claro tanjung-biru vila-serena; do
    run 0 -C "$node" key show
    KEY=$(cat out)
    run 0 -C secretariat follow "file://$WORK/$node/public/" --key "$KEY"
    run 0 -C secretariat key show
    KEY=$(cat out)
    run 0 -C "$node" follow "file://$WORK/secretariat/public/" --key "$KEY"
done
run 0 -C secretariat sync
run 0 -C secretariat report --network HCN --year 2025 --json
json 'const wanted = { "H3": [120000, 142300], "H3 fee-share": [7300, 142300], "H3 host-city-share": [15000, 142300],
        "H4": [7300, 9000], "H4 waived": [800, 9000], "H4 left-for-fee": [1, 1], "E1": [1, 2], "T1": [1, 2], "M1": [4, 5],
        "M3": [1, 5], "M4": [1, 5], "R4": [1, 4] },
    found = (name) => l[0].indicators.find((i) => [i.id, i.part].filter(Boolean).join(" ") === name),
    wrong = Object.entries(wanted).filter(([name, [n, d]]) => found(name)?.numerator !== n || found(name)?.denominator !== d);
    if (wrong.length > 0) console.log("not as told:", wrong.join("; "));
    wrong.length === 0'
run 0 -C secretariat report --network HCN --year 2024 --json
json 'l[0].indicators.some((i) => i.id === "G2" && i.part === "overdue" && i.value > 365)'

# The city that never answered sees what waits: the request, and the visit of which only the other side speaks.
run 0 -C puerto-claro key show
KEY=$(cat out)
run 0 -C vila-serena follow "file://$WORK/puerto-claro/public/" --key "$KEY"
run 0 -C vila-serena sync
run 0 -C vila-serena inbox --json
json 'l.length === 2 && l.some((i) => i.what === "request" && i.feed === "secretariat.example/hanse")'
json 'l.some((i) => i.what === "claim" && i.record.exchange !== undefined && i.feed === "puerto-claro.example/hanse")'

echo "$CHECKS checks passed"
