#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What can keep a node from working, each made on purpose: doctor names it, the first cause first, and nothing else.
# Usage: tests/doctor_cli.sh PROGRAM
set -eu
. tests/shell.sh
need node openssl
unset XDG_STATE_HOME
cd "$WORK"
ORIGIN=city.example/hanse
hex() { printf %s "$1" | sha256sum | cut -c 1-64; }

# finds RULE [ARGUMENT...]: doctor of `city` ends with 1, and the first error is that one; warns RULE: no error, and that
# warning; fine: it finds nothing.
finds() {
    rule=$1
    shift
    run 1 -C city doctor --json "$@"
    json "l.find((f) => f.severity === 'error').rule === '$rule'"
    json 'l.every((f) => ["severity", "rule", "object", "path", "message", "remedy"].every((name) => typeof f[name] === "string"))'
    json 'l.every((f) => f.object !== "" && f.message !== "" && f.remedy !== "")'
}
only() { # the findings are just these rules
    json "l.map((f) => f.rule).join(' ') === '$*'"
}
warns() {
    rule=$1
    shift
    run 0 -C city doctor --json "$@"
    only "$rule"
    json 'l[0].severity === "warning"'
}
fine() {
    run 0 -C city doctor --json "$@"
    [ ! -s out ] || die 'doctor finds something where nothing is wrong'
}

run 0 -C city init --origin "$ORIGIN" --title City --language en
KEY=$("$HANSE" -C city key show)
fine
run 0 -C city publish
fine
run 0 -C city doctor
says '^nothing is wrong$'
KEYFILE=city/private/keys/$(hex "$ORIGIN")

# The node itself.
mkdir empty
run 1 -C empty doctor --json
only node
json 'l[0].message.includes("no node in") && !l[0].remedy.includes("hanse init")'
echo 'hanse node 2' >city/private/format
finds node
only node
json 'l[0].remedy.includes("newer")'
echo 'hanse node 1' >city/private/format
cp city/private/config config
echo 'own-fed = x' >>city/private/config
finds node
json 'l[0].message.includes("own-fed")'
cp config city/private/config

# The clock, against the time of a file; the own one is behind.
touch -d '+400 days' city/public/checkpoint
finds clock
only clock
json 'l[0].path.endsWith("public/checkpoint")'
touch city/public/checkpoint
touch -d '-400 days' city/public/checkpoint
fine
touch city/public/checkpoint

# Where things are noted, and who may read secrets.
touch no-folder
echo "state-dir = $WORK/no-folder" >>city/private/config
run 1 -C city doctor --json
json 'l[0].rule === "state-dir"'
cp config city/private/config
chmod 600 city/private/config
fine
chmod 755 city/private
finds mode
only mode
json 'l[0].remedy.startsWith("chmod 700 ")'
chmod 700 city/private
chmod 640 "$KEYFILE"
finds mode
only mode
json "l[0].path === '$KEYFILE' && l[0].remedy.startsWith('chmod 600 ')"
run 1 -C city doctor
says '^error \[mode\] permissions: city/private/keys/'
says '^  -> chmod 600 '
says '^1 error, 0 warnings$'
chmod 600 "$KEYFILE"
chmod 700 city/public
warns public-mode
chmod 755 city/public

# Keys: lost, broken, of another feed, and another one of the same name.
mv "$KEYFILE" key
finds key-missing
only key-missing
head -c 40 key >"$KEYFILE"
chmod 600 "$KEYFILE"
finds key-unreadable
only key-unreadable
run 0 -C other init --origin other.example/hanse
cp "other/private/keys/$(hex other.example/hanse)" "$KEYFILE"
finds key-foreign
only key-foreign
json 'l[0].message.includes("other.example/hanse")'
run 0 -C impostor init --origin "$ORIGIN"
cp "impostor/private/keys/$(hex "$ORIGIN")" "$KEYFILE"
finds key-foreign
only key-foreign
cp key "$KEYFILE"
fine

# Databases: rubbish in the middle of a page; the file of another program.
cp city/private/index.sqlite index
for name in index staging; do
    "$HANSE" -C city status >out
    cp "city/private/$name.sqlite" "$name.good"
    size=$(wc -c <"$name.good")
    head -c $((size - 4096)) /dev/zero | tr '\0' '\377' |
        dd of="city/private/$name.sqlite" bs=4096 seek=1 conv=notrunc 2>/dev/null
    run 1 -C city doctor --json
    json "['node', '$name-damaged'].includes(l[0].rule) && l[0].message.includes('$name.sqlite')"
    cp "$name.good" "city/private/$name.sqlite"
done
fine

# A restored backup, and a machine that has no note of what was published.
cp -a city backup
printf '{"organisation":{"name":[{"text":"Harbour office","language":"en"}]}}\n' >record.jsonl
run 0 -C city import record.jsonl
run 0 -C city publish
fine
mv city newest
cp -a backup city
finds behind
only behind
rm -rf city
mv newest city
HOME=$WORK/elsewhere
finds behind
only behind
HOME=$WORK
mv city/public/checkpoint checkpoint
finds feed-missing
echo rubbish >city/public/checkpoint
finds feed-damaged
mv checkpoint city/public/checkpoint
fine

# The certificate of serve.
# (Only `openssl ca` makes one that has expired.)
cat >ca.conf <<'END'
[ca]
default_ca = self
[self]
database = ca.index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
END
: >ca.index
certificate() { # NAME DAYS ALTERNATIVE-NAME
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj /CN=test \
        -addext "subjectAltName=$3" >ca.out 2>&1 &&
        openssl ca -batch -selfsign -notext -config ca.conf -in "$1.csr" -keyfile "$1.key" -out "$1.pem" \
            -startdate "$(date -u -d '-100 days' +%Y%m%d%H%M%SZ)" \
            -enddate "$(date -u -d "$2 days" +%Y%m%d%H%M%SZ)" >>ca.out 2>&1 || die "$(cat ca.out)"
}
certificate good 90 DNS:city.example
certificate soon 9 DNS:city.example
certificate old -1 DNS:city.example
certificate strange 90 DNS:other.example
fine --tls-cert good.pem --tls-key good.key
warns tls-dates --tls-cert soon.pem --tls-key soon.key
finds tls-dates --tls-cert old.pem --tls-key old.key
only tls-dates
json 'l[0].message.includes("expired at")'
warns tls-name --tls-cert strange.pem --tls-key strange.key
finds tls-certificate --tls-cert good.pem --tls-key old.key
finds tls-certificate --tls-cert none.pem --tls-key good.key
run 2 -C city doctor --tls-cert good.pem
start_server city
stop_server
fine
mv city/private/tls/key.pem tls.key
finds tls-certificate
mv tls.key city/private/tls/key.pem
fine

# The way to a followed feed, link by link. fake.mjs serves a folder over TLS with a clock of its own.
cat >fake.mjs <<'END'
// fake.mjs FOLDER CERTIFICATE KEY SECONDS: prints its port; its clock is so many seconds ahead.
import https from 'node:https';
import fs from 'node:fs';
const [folder, cert, key, ahead] = process.argv.slice(2);
const server = https.createServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) }, (request, response) => {
    response.setHeader('Date', new Date(Date.now() + Number(ahead) * 1000).toUTCString());
    try {
        const body = fs.readFileSync(folder + request.url);
        response.setHeader('Content-Length', body.length);
        response.end(body);
    } catch {
        response.statusCode = 404;
        response.end();
    }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
END
start_fake() { # NAME SECONDS
    : >fake.out
    node fake.mjs other/public "$1.pem" "$1.key" "$2" >fake.out 2>fake.err &
    SERVERS="$SERVERS $!"
    tries=0
    until [ -s fake.out ]; do
        tries=$((tries + 1))
        [ "$tries" -lt 300 ] || die "no server: $(cat fake.err)"
        sleep 0.1
    done
    FAKE=https://127.0.0.1:$(cat fake.out)/
}
pin_of() {
    echo "sha256//$(openssl x509 -in "$1.pem" -pubkey -noout | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | openssl base64)"
}
OTHER_KEY=$("$HANSE" -C other key show)
follow() { # URL [OPTION...]
    url=$1
    shift
    run 0 -C city follow "$url" --key "$OTHER_KEY" "$@"
}
certificate local 90 IP:127.0.0.1
certificate past -1 IP:127.0.0.1
start_fake local 0
LOCAL=$FAKE
follow "$LOCAL" --pin "$(pin_of local)"
fine
follow "$LOCAL" --cacert local.pem
fine
follow "file://$WORK/other/public/"
fine
follow "file://$WORK/nowhere/"
finds url
follow "$LOCAL" --cacert nowhere.pem
finds authority
only authority
follow https://nowhere.invalid/
finds dns
only dns
json 'l[0].object === "other.example/hanse" && l[0].path === "https://nowhere.invalid/"'
follow https://127.0.0.1:9/
finds connection
only connection
fine --offline
follow "$LOCAL" --pin "$(pin_of past)"
finds pin
only pin
follow "$LOCAL"
finds certificate
only certificate
follow "${LOCAL}elsewhere/" --pin "$(pin_of local)"
finds answer
only answer
json 'l[0].message.includes("404")'
mv other/public other/feed
cp -a impostor/public other/public
follow "$LOCAL" --pin "$(pin_of local)"
finds checkpoint
only checkpoint
rm -rf other/public
mv other/feed other/public
start_fake past 0
follow "$FAKE" --cacert past.pem
finds certificate
only certificate
json 'l[0].message.includes("expired")'
follow "$FAKE" --pin "$(pin_of past)"
warns certificate-expired
node -e 'const s = require("net").createServer((c) => c.on("error", () => {}).end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    s.listen(0, "127.0.0.1", () => console.log(s.address().port));' >plain.out &
SERVERS="$SERVERS $!"
until [ -s plain.out ]; do sleep 0.1; done
follow "https://127.0.0.1:$(cat plain.out)/" --pin "$(pin_of local)"
finds tls
only tls
follow "$LOCAL" --pin "$(pin_of local)"
https_proxy=http://user:secret@127.0.0.1:9/
export https_proxy
finds proxy
only proxy
json 'l[0].message.includes("https_proxy") && !l[0].message.includes("secret")'
unset https_proxy
fine

# The clock, against servers: all of them disagree, or one of several.
start_fake local 31536000
follow "$FAKE" --pin "$(pin_of local)"
finds clock
only clock
start_fake local -1800
SLOW=$FAKE
follow "$SLOW" --pin "$(pin_of local)"
warns clock
start_server city
run 0 -C third init --origin third.example/hanse
run 0 -C third follow "$URL" --key "$KEY" --pin "$PIN"
run 0 -C third doctor --json
[ ! -s out ] || die 'doctor finds something'
run 0 -C third follow "$SLOW" --key "$OTHER_KEY" --pin "$(pin_of local)"
run 0 -C third doctor --json
only server-clock

# The first cause comes first: of several, and of what follows from it.
rm "$KEYFILE"
chmod 755 city/private
follow https://127.0.0.1:9/
finds mode
json 'l.map((f) => f.rule).join(" ") === "mode key-missing connection"'
run 1 -C city doctor
says '^3 errors, 0 warnings; mend the first error first'
echo "$CHECKS checks"
