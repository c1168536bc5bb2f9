#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The main job through the program, over TLS on loopback: publish, serve, follow, sync, show, refuse.
# Usage: tests/e2e.sh PROGRAM
set -eu
. tests/shell.sh
need node curl openssl
SOURCE=$PWD
cd "$WORK"
SAMPLE=$SOURCE/examples/data
ORIGIN=puerto-claro.example/hanse
FEED=$(printf %s "$ORIGIN" | sha256sum | cut -c 1-64)

# A city imports what it has, twice: the second time stages nothing.
run 0 -C city init --origin "$ORIGIN" --title 'Puerto Claro' --language es
run 0 -C city import "$SAMPLE/puerto-claro.xml" --json
json 'l.length === 1 && l[0].read > 0 && l[0].staged === l[0].read && l[0].unchanged === 0 && l[0].invalid === 0'
json 'Array.isArray(l[0].losses) && l[0].losses.every((loss) => loss.path && loss.count > 0)'
READ=$(value 'l[0].read')
run 0 -C city import "$SAMPLE/puerto-claro.xml" --json
json "l[0].read === $READ && l[0].staged === 0 && l[0].unchanged === $READ"
run 0 -C city publish --json
json 'l[0].feed === "puerto-claro.example/hanse" && l[0].new_size > l[0].old_size'
ROOT=$(value 'l[0].root')
SIZE=$(value 'l[0].new_size')
"$HANSE" -C city import - <"$SAMPLE/puerto-claro.xml" >out || die 'standard input is not read'
says "$READ unchanged"
run 0 -C city publish --json
json "l[0].new_size === l[0].old_size && l[0].root === \"$ROOT\""
run 0 -C city key show
KEY=$(cat out)

# Another one follows it with the right pin.
start_server city
CITY_URL=$URL CITY_PIN=$PIN CITY_SERVER=$SERVER
run 0 -C office init --origin secretariat.example/hanse
run 0 -C office follow "$CITY_URL" --key "$KEY" --pin "$CITY_PIN" --name puerto
run 0 -C office follow "$CITY_URL" --key "$KEY"
complains 'the pin that was kept is dropped'
run 0 -C office follow "$CITY_URL" --key "$KEY" --pin "$CITY_PIN" --name puerto
run 0 -C office sync --json
json "l.length === 1 && l[0].feed === \"$ORIGIN\" && l[0].old_size === 0 && l[0].new_size === $SIZE"
json 'l[0].result === "updated" && l[0].bytes > 0 && l[0].requests > 1 && typeof l[0].message === "string"'
run 0 -C office sync --json
json "l[0].result === \"current\" && l[0].requests === 1 && l[0].old_size === $SIZE && l[0].new_size === $SIZE"
run 0 -C office feeds --json
json "l.length === 2 && l[1].name === \"puerto\" && l[1].root === \"$ROOT\" && l[1].last_result === \"current\""

# Both hold the same records, and know where they come from.
run 0 -C city export --feed "$ORIGIN"
json 'l.every((r) => r.id && r.feed && r.revision === 1 && r.kind && r.published && r.audience === "PUBLIC" && r.record)'
json "l.length === $SIZE - 1 && l.filter((r) => r.kind === 'Project').length === $READ"
sed 's/"own": [a-z]*, //' out >from-city
run 0 -C office export --feed puerto --format jsonl
sed 's/"own": [a-z]*, //' out >from-office
same from-city from-office
run 0 -C office list --kind Project --json
json "l.length === $READ"
ID=$(value 'l[0].id')
run 0 -C office list
says "^puerto-claro\\.example/hanse$"
run 0 -C office show "$ID"
says 'from +puerto-claro\.example/hanse, followed at https://'
says 'signed by +puerto-claro\.example/hanse\+'
says "checkpoint of $SIZE entries with root"
says 'last contact'
run 0 -C office show "$ID" --json
json "l.length === 1 && l[0].verified.root === \"$ROOT\" && l[0].verified.size === $SIZE && l[0].source.feed === \"$ORIGIN\""
json 'l[0].verified.checkpoint.startsWith("puerto-claro.example/hanse\n")'
run 0 -C office verify --json
json "l.some((f) => f.feed === \"$ORIGIN\" && f.result === 'ok' && f.size === $SIZE && f.root === \"$ROOT\" && f.payloads === $SIZE - 1)"
json 'l.every((f) => ["entries", "payloads", "withheld", "erased", "invalid"].every((name) => Number.isInteger(f[name])))'
run 0 -C office verify puerto
run 0 verify city/public --key "$KEY"
run 0 -C office status
says 'following puerto-claro\.example/hanse \(puerto\)'

# The server answers what is public, and nothing else.
status_of() { # METHOD PATH [CURL ARGUMENT...]
    method=$1
    path=$2
    shift 2
    curl -sk -o body -w '%{http_code}' -X "$method" --path-as-is --max-time 20 "$@" "${CITY_URL%/}$path"
}
answers() {
    wanted=$1
    shift
    CHECKS=$((CHECKS + 1))
    got=$(status_of "$@") || true
    [ "$got" = "$wanted" ] || die "$*: answered $got, not $wanted"
}
answers 200 GET /checkpoint
same body city/public/checkpoint
answers 200 GET "/$FEED/checkpoint"
same body city/public/checkpoint
answers 200 GET /hanse/manifest
answers 206 GET /checkpoint -r 0-9
answers 416 GET /checkpoint -r 999999-
for path in /private/ /private/config /../private/keys /%2e%2e/private/keys /hanse/../../private/keys / /index.html \
    /checkpoint/ //checkpoint /checkpoint%00 /tile/ /hanse/ /hanse/public/; do
    answers 404 GET "$path"
done
find city/private -type f | sed 's|^city||' >hidden
while read -r path; do
    answers 404 GET "$path"
    answers 404 GET "/..$path"
done <hidden
answers 405 POST /checkpoint -d x
answers 405 DELETE /checkpoint

# Who follows with a wrong pin reaches nothing; with a wrong key nothing is believed.
OTHER_PIN="sha256//$(printf other | openssl dgst -sha256 -binary | openssl base64)"
run 0 -C wary init --origin wary.example/hanse
run 0 -C wary follow "$CITY_URL" --key "$KEY" --pin "$OTHER_PIN"
run 4 -C wary sync --json
json 'l[0].result === "unreachable" && l[0].new_size === 0 && l[0].message !== ""'
run 0 -C wary list --json
[ ! -s out ] || die 'something was taken over from a server with another pin'
run 0 -C wary follow "$CITY_URL" --key "$KEY" --pin "$CITY_PIN"
run 0 -C wary sync
run 0 -C impostor init --origin "$ORIGIN"
run 0 -C impostor key show
OTHER_KEY=$(cat out)
run 0 -C misled init --origin misled.example/hanse
run 0 -C misled follow "$CITY_URL" --key "$OTHER_KEY" --pin "$CITY_PIN"
run 3 -C misled sync --json
json 'l[0].result === "bad-signature" && l[0].new_size === 0'
run 1 -C office follow "$CITY_URL" --key "$OTHER_KEY" --pin "$CITY_PIN"

# New records travel; what is held is not fetched again.
cat >more.jsonl <<'END'
{"header": {"identifiers": [{"scheme": "UNLOCODE", "value": "CLPCL"}]}, "localGovernment": {"name": [{"text": "Puerto Claro", "language": "es"}], "country": "CL"}}
END
run 0 -C city import more.jsonl --json
json 'l[0].staged === 1'
run 0 -C city publish
run 0 -C office sync --json
json "l[0].result === 'updated' && l[0].old_size === $SIZE && l[0].new_size === $SIZE + 1 && l[0].bytes < 20000"
run 0 -C office list --kind LocalGovernment --json
json 'l.length === 1'

# A flipped bit in a copy: refused where it is read, and where it is fetched.
SEGMENT=$(find city/public/hanse/public -type f | sort | tail -n 1)
NOW=$((SIZE + 1))
for file in checkpoint hanse/manifest "${SEGMENT#city/public/}" "tile/0/000.p/$NOW" "tile/entries/000.p/$NOW"; do
    rm -rf copy
    cp -R city/public copy
    run 0 verify copy --key "$KEY"
    flip_bit "copy/$file" $(($(wc -c <"copy/$file") / 2))
    run 3 verify copy --key "$KEY" --json
    json 'l.length === 1 && l[0].result !== "ok" && l[0].message !== ""'
    complains 'copy'
done
cp -R office damaged
DAMAGED=$(find "damaged/public/$FEED/hanse/public" -type f | sort | tail -n 1)
flip_bit "$DAMAGED" $(($(wc -c <"$DAMAGED") / 2))
run 3 -C damaged verify --json
json "l.find((f) => f.feed === '$ORIGIN').result === 'mismatch' && l.find((f) => f.feed !== '$ORIGIN').result === 'ok'"
complains 'byte [0-9]+'
run 3 -C damaged export
complains "'hanse verify' tells where"
cp -R city altered
ALTERED=$(find altered/public/hanse/public -type f | sort | tail -n 1)
flip_bit "$ALTERED" $(($(wc -c <"$ALTERED") / 2))
start_server altered
run 0 -C newcomer init --origin newcomer.example/hanse
run 0 -C newcomer follow "$URL" --key "$KEY" --pin "$PIN"
run 3 -C newcomer sync --json
json 'l[0].result === "mismatch" && l[0].new_size === 0'
run 0 -C newcomer list --json
[ ! -s out ] || die 'something of the altered copy was taken over'
stop_server

# Out of reach: a warning while the last success is young, code 4 when it is not.
SERVER=$CITY_SERVER
stop_server
run 0 -C office sync --json
json 'l[0].result === "unreachable"'
complains 'a warning only'
sleep 2
run 4 -C office sync --max-stale 1s
run 0 -C office list --kind Project --json
json "l.length === $READ"

# A server that syncs on its own, and ends when it is told to.
start_server city
run 0 -C office follow "$URL" --key "$KEY" --pin "$PIN"
start_server office --sync-every 1s
cat >still.jsonl <<'END'
{"header": {"identifiers": [{"scheme": "ORGID", "value": "CL-RUT-1"}]}, "organisation": {"name": [{"text": "Aguas de Puerto Claro", "language": "es"}]}}
END
run 0 -C city import still.jsonl
run 0 -C city publish
tries=0
until "$HANSE" -C office list --kind Organisation --json | grep -q 'Aguas de Puerto Claro'; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || die 'the server did not sync'
    sleep 0.2
done
curl -sk --max-time 20 "$URL$FEED/checkpoint" >mirrored
same mirrored city/public/checkpoint
stop_server
echo "$CHECKS checks went well"
