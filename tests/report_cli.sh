#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hanse report on the example data of a secretariat and two cities: its forms, as of a day, and wrong usage.
# Usage: tests/report_cli.sh PROGRAM
set -eu
. tests/shell.sh
need node
DATA=$(pwd)/examples/data
cd "$WORK"

run 0 -C city init --origin minatogawa.example/hanse
run 0 -C city report --json
json 'l.length === 1 && l[0].network === null && l[0].indicators.length > 30'
json 'l[0].indicators.every((i) => i.status === "NOT_COMPUTABLE" && i.value === null && i.reason.length > 10)'
for name in minatogawa.jsonl secretariat.jsonl catalogue.jsonl; do
    run 0 -C city import "$DATA/$name"
done
run 0 -C city publish
run 0 -C city report
says '^network +Harbour Cities Network$'
says '^checkpoints +minatogawa\.example/hanse at [0-9]+$'
says '^M1 +members that were active .* %  \([0-9]+ of [0-9]+\)$'
says '^ +no ContactPoint record is held'
run 0 -C city report --network HCN --year 2024 --json
json 'l[0].first_day === "2024-01-01" && l[0].last_day === "2024-12-31" && l[0].audience === "PUBLIC"'
json 'l[0].feeds.length === 1 && l[0].feeds[0].size > 10 && l[0].feeds[0].root.length === 44'
json 'new Set(l[0].indicators.map((i) => [i.id, i.part, i.currency].join())).size === l[0].indicators.length'
json '["M1","M3","H1","H2","H3","H4","R4","E1","E3","G1","T1","B2"].every((id) => l[0].indicators.some((i) => i.id === id))'
json 'l[0].indicators.filter((i) => i.status === "OK").every((i) => i.records.length > 0 && i.reason === null)'
json 'l[0].indicators.every((i) => i.records.every((name) => /^hanse:minatogawa\.example\/hanse\/[0-9a-f-]{36}$/.test(name)))'
json 'l[0].indicators.filter((i) => i.status === "OK" && i.denominator > 0 && i.unit === "share").every((i) => Math.abs(i.value - i.numerator / i.denominator) < 1e-5)'
run 0 -C city report --lang ja --network HCN --json
json 'l[0].network === "港湾都市ネットワーク"'

# As of a day: nothing had been published in 2020; later entries change nothing of a past report.
run 0 -C city report --as-of 2020-06-30 --json
json 'l[0].feeds.length === 0 && l[0].public_records === 0 && l[0].last_day === "2020-06-30"'
sleep 1
NOW=$(date -u +%Y-%m-%dT%H:%M:%SZ)
run 0 -C city report --as-of "$NOW" --json
cp out before
sleep 1
run 0 -C city list --kind Membership --json
ID=$(value 'l[0].id')
run 0 -C city withdraw "$ID" --reason error
run 0 -C city publish
run 0 -C city report --as-of "$NOW" --json
same out before
run 0 -C city report --json
json 'l[0].indicators.every((i) => !i.records.includes("'"$ID"'"))'
run 0 -C city list --json
COUNT=$(value 'l.length')
run 0 -C city report --json
json "l[0].public_records + l[0].network_records + l[0].unread_records === $COUNT"

# A sheet, and files.
run 0 -C city report --csv
says '^id,part,name,unit,currency,value,status,reason,numerator,denominator,count,audience,records'
run 0 -C city report --out reports
for name in report.html report.csv report.json; do
    [ -s "reports/$name" ] || die "$name is not written"
done
cp reports/report.json out
json 'l.length === 1 && l[0].tables.some((t) => t.id === "rotation" && t.rows.every((r) => r.length === t.columns.length))'

# The page needs nothing else, and whatever names say stays text.
grep -q '<svg viewBox' reports/report.html || die 'the page has no plot'
! grep -qiE '<script|<link|<img|src=|@import|url\(' reports/report.html || die 'the page needs something else'
node -e 'const page = require("fs").readFileSync("reports/report.html", "utf8").replace(/^<!doctype html>/, "").replace(/<style>[^]*<\/style>/, "");
    const open = []; const empty = new Set(["meta", "br", "rect"]);
    for (const [, end, name, rest] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
        if (empty.has(name)) continue;
        if (!end) open.push(name); else if (open.pop() !== name) { console.log("wrong end", name); process.exit(1); }
    }
    if (open.length > 0 || /[<>]/.test(page.replace(/<[^<>]*>/g, ""))) process.exit(1);' || die 'the page is not well formed'

# Wrong usage; several networks.
run 2 -C city report --year MMXX
run 2 -C city report --as-of tomorrow
run 1 -C city report --network Nobody
complains 'no network is called "Nobody"'
printf '%s\n' '{"network":{"name":[{"text":"Other Net","language":"en"}],"kind":"NETWORK_KIND_GLOBAL","secretariat":{"id":"ORGID:XX-1"}}}' >other.jsonl
run 0 -C city import other.jsonl
run 0 -C city publish
run 2 -C city report
complains '"Other Net"'
complains '\-\-network'
run 0 -C city report --network 'Other Net' --public --json
json 'l[0].network === "Other Net" && l[0].network_records === 0'

printf '%s\n' '{"network":{"name":[{"text":"<script>alert(1)</script> \u202e\" & co","language":"en"}],"acronym":"EVIL","kind":"NETWORK_KIND_GLOBAL","secretariat":{"id":"ORGID:XX-1"}}}' >markup.jsonl
run 0 -C city import markup.jsonl
run 0 -C city publish
run 0 -C city report --network EVIL --out evil
! grep -q '<script' evil/report.html || die 'a name became markup'
grep -q '&lt;script&gt;alert(1)&lt;/script&gt; .u{202E}&quot; &amp; co' evil/report.html || die 'the name is not shown'
run 1 -C city report --network EVIL --out /proc/nowhere

# Numbers of columns and lines hold whatever names say.
printf '%s\n' '{"membership":{"network":{"name":[{"text":"Evil \u001b[31m, \"Net\"","language":"en"}]},"member":{"id":"UNLOCODE:JPKKJ"},"period":{"start":{"year":2020}}}}' >evil.jsonl
run 0 -C city import evil.jsonl
run 0 -C city publish
run 2 -C city report
! grep -q "$(printf '\033')" err || die 'an escape reached the terminal'
echo "report: $CHECKS checks"
