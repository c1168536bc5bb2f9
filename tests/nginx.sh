#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# packaging/nginx/hanse.conf in the real nginx: a node's public/ is followed through it as through `hanse serve`, and
# neither of the two shows anything else. nginx runs from a folder of the test, never as the system's service.
# Usage: tests/nginx.sh PROGRAM
set -eu
. tests/shell.sh
PATH=$PATH:/usr/sbin:/sbin
need nginx node openssl curl
SOURCE=$PWD
cd "$WORK"
ORIGIN=city.example/hanse
hex() { printf %s "$1" | sha256sum | cut -c 1-64; }
FEED=$(hex "$ORIGIN")
stage() { # NODE NUMBER
    printf '{"organisation":{"name":[{"text":"Office %s","language":"en"}]}}\n' "$2" >record.jsonl
    run 0 -C "$1" import record.jsonl
}

# A node with an own feed and a copy of another one, so that there are files in both places.
run 0 -C neighbour init --origin neighbour.example/hanse
stage neighbour 1
run 0 -C neighbour publish
run 0 -C city init --origin "$ORIGIN"
stage city 1
run 0 -C city publish
run 0 -C city follow "file://$WORK/neighbour/public/" --key "$("$HANSE" -C neighbour key show)"
run 0 -C city sync
KEY=$("$HANSE" -C city key show)

# nginx with the shipped file, in which the places marked "own" are filled in. Its workers may be another user: what
# they can read is what the permissions of the node give them.
chmod 711 "$WORK" city
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out tls.pem -days 2 \
    -subj /CN=127.0.0.1 2>/dev/null
NGINX_PIN="sha256//$(openssl x509 -in tls.pem -pubkey -noout | openssl pkey -pubin -outform der |
    openssl dgst -sha256 -binary | openssl base64)"
configure() { # PORT
    sed -e "s|listen 443 |listen 127.0.0.1:$1 |" -e "s|/etc/ssl/hanse/cert.pem|$WORK/tls.pem|" \
        -e "s|/etc/ssl/hanse/key.pem|$WORK/tls.key|" -e "s|/srv/hanse/public|$WORK/city/public|" \
        -e "s|0\{64\}|$FEED|" "$SOURCE/packaging/nginx/hanse.conf" >hanse.conf
    cat >nginx.conf <<END
daemon off;
worker_processes 1;
pid $WORK/nginx.pid;
error_log $WORK/nginx.log warn;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $WORK/temp-body;
    proxy_temp_path $WORK/temp-proxy;
    fastcgi_temp_path $WORK/temp-fastcgi;
    uwsgi_temp_path $WORK/temp-uwsgi;
    scgi_temp_path $WORK/temp-scgi;
    include $WORK/hanse.conf;
}
END
}
start_nginx() {
    for attempt in 1 2 3; do
        port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
            console.log(s.address().port); s.close(); })')
        configure "$port"
        nginx -e "$WORK/nginx.log" -p "$WORK" -c "$WORK/nginx.conf" >nginx.out 2>&1 &
        NGINX=$!
        tries=0
        while [ "$tries" -lt 100 ] && kill -0 "$NGINX" 2>/dev/null; do
            if curl -sk -o /dev/null --max-time 5 "https://127.0.0.1:$port/checkpoint"; then
                SERVERS="$SERVERS $NGINX"
                NGINX_URL="https://127.0.0.1:$port/"
                return
            fi
            tries=$((tries + 1))
            sleep 0.1
        done
        kill "$NGINX" 2>/dev/null || true
        wait "$NGINX" 2>/dev/null || true
        : "attempt $attempt: somebody else took the port"
    done
    cat nginx.out nginx.log
    die 'nginx did not start'
}
start_nginx
start_server city
HANSE_URL=$URL

# Followed and synced through nginx, at the root and by the hash, with as few requests as through the own server.
follow_through() { # NODE URL
    run 0 -C "$1" init --origin "$1.example/hanse"
    run 0 -C "$1" follow "$2" --key "$KEY" --pin "$NGINX_PIN"
    run 0 -C "$1" sync --json
    json 'l.length === 1 && l[0].result === "updated" && l[0].old_size === 0 && l[0].new_size === 2'
    run 0 -C "$1" sync --json
    json 'l[0].result === "current" && l[0].requests === 1'
}
follow_through office "$NGINX_URL"
follow_through harbour "$NGINX_URL$FEED/"
run 0 -C harbour follow "$NGINX_URL$(hex neighbour.example/hanse)/" \
    --key "$("$HANSE" -C neighbour key show)" --pin "$NGINX_PIN"
run 0 -C harbour sync neighbour.example/hanse --json
json 'l[0].result === "updated" && l[0].new_size === 2'
stage city 2
run 0 -C city publish
run 0 -C office sync --json
json 'l[0].result === "updated" && l[0].old_size === 2 && l[0].new_size === 3 && l[0].requests === 2'
run 0 -C office verify

# nginx makes ETags of whole seconds and sizes: checkpoints of one size, replaced within one second, must differ all the
# same. The follower sees each of them at once.
ask() { # URL [CURL ARGUMENT...]; headers in `head`, the body in `body`, prints the status
    asked=$1
    shift
    curl -sk --path-as-is --max-time 20 -D head -o body -w '%{http_code}' "$@" "$asked"
}
etag() { sed -n 's/^etag: *//Ip' head | tr -d '\r'; }
ask "${NGINX_URL}checkpoint" >status
seen=$(etag)
for number in 3 4 5 6; do
    before=$(etag)
    stage city "$number"
    run 0 -C city publish
    CHECKS=$((CHECKS + 1))
    [ "$(ask "${NGINX_URL}checkpoint" -H "If-None-Match: $before")" = 200 ] || die 'a replaced checkpoint counts as unchanged'
    same body city/public/checkpoint
    case " $seen " in *" $(etag) "*) die "the ETag $(etag) came twice" ;; esac
    seen="$seen $(etag)"
    [ "$(ask "${NGINX_URL}hanse/manifest")" = 200 ] || die 'the manifest is not there'
    same body city/public/hanse/manifest
    ask "${NGINX_URL}checkpoint" >status
    run 0 -C office sync --json
    json "l[0].result === 'updated' && l[0].new_size === $number + 1 && l[0].requests === 2"
done
[ "$(ask "${NGINX_URL}checkpoint" -H "If-None-Match: $(etag)")" = 304 ] || die 'an unchanged checkpoint is sent again'

# What the headers say, and HTTP/2.
header() { # PATTERN
    CHECKS=$((CHECKS + 1))
    tr -d '\r' <head | grep -qiE -e "$1" || die "no header like $1 in: $(cat head)"
}
ask "${NGINX_URL}checkpoint" >status
header '^cache-control: max-age=5$'
header '^content-type: text/plain; charset=utf-8$'
header '^x-content-type-options: nosniff$'
ask "${NGINX_URL}$FEED/checkpoint" >status
same body city/public/checkpoint
header '^content-type: text/plain; charset=utf-8$'
ask "${NGINX_URL}hanse/manifest" >status
header '^cache-control: max-age=5$'
header '^content-type: application/octet-stream$'
if curl --version | grep -q HTTP2; then
    ask "${NGINX_URL}checkpoint" --http2 >status
    header '^HTTP/2 200'
fi
SEGMENT=$(cd city/public && find hanse/public -type f | sort | tail -n 1)
[ "$(ask "$NGINX_URL$SEGMENT" -r 5-9 --http1.1)" = 206 ] || die 'no range is answered'
header '^content-range: bytes 5-9/[0-9]+$'
header '^cache-control: max-age=60$'
[ "$(ask "$NGINX_URL$SEGMENT" -r 99999999-)" = 416 ] || die 'a range past the end is answered'
tile=$(cd city/public && find tile/0 -type f | head -n 1)
ask "$NGINX_URL$tile" -H 'Accept-Encoding: gzip' >status
header '^cache-control: max-age=31536000, immutable$'
same body "city/public/$tile"
CHECKS=$((CHECKS + 1))
! tr -d '\r' <head | grep -qi '^content-encoding' || die 'a tile is compressed on the way'

# Every file under the web root is public: both servers show each of them, in its own place and, for the first feed, by
# its hash too.
both() { # STATUS PATH [CURL ARGUMENT...]
    wanted=$1
    path=$2
    shift 2
    for server in "$NGINX_URL" "$HANSE_URL"; do
        CHECKS=$((CHECKS + 1))
        got=$(ask "${server%/}$path" "$@") || true
        # What is no request at all is refused as such by one of them.
        [ "$got" = "$wanted" ] || { [ "$wanted" = 404 ] && [ "$got" = 400 ]; } ||
            die "$server answers $got to $* $path, not $wanted"
    done
}
(cd city/public && find . -type f | cut -c 2- | sort) >names
[ "$(grep -c . names)" -gt 10 ] || die 'there is hardly a file to look at'
while read -r name; do
    for server in "$NGINX_URL" "$HANSE_URL"; do
        [ "$(ask "${server%/}$name")" = 200 ] || die "$server does not show $name"
        same body "city/public$name"
        if ! echo "$name" | grep -qE '^/[0-9a-f]{64}/'; then
            [ "$(ask "$server$FEED$name")" = 200 ] || die "$server does not show $name by the hash of the feed"
            same body "city/public$name"
        fi
    done
done <names

# And nothing else is: not what lies beside it, nor what somebody leaves among it.
for name in .hidden notes.txt checkpoint.tmp checkpoint~ index.html hanse/.htaccess hanse/manifest.tmp hanse/public/.0 \
    "$SEGMENT.tmp" hanse/key/0 hanse/key/01 hanse/key/x tile/0/.tmp tile/64/000 tile/0/000.p/256 tile/0/000.p/0 \
    "$FEED.old/checkpoint" HANSE/manifest; do
    mkdir -p "city/public/$(dirname "$name")"
    echo secret >"city/public/$name"
    both 404 "/$name"
    both 404 "/$FEED/$name"
done
ln -s ../../private/config city/public/hanse/key/7
both 404 /hanse/key/7
both 404 "/$FEED/hanse/key/7"
mkdir city/public/hanse/key/8
both 404 /hanse/key/8
(cd city && find private -type f) >hidden
grep -q private/keys/ hidden && grep -q index.sqlite hidden && grep -q staging.sqlite hidden || die 'private/ is not what it was'
while read -r name; do
    both 404 "/$name"
    both 404 "/../$name"
    both 404 "/hanse/../../$name"
    both 404 "/%2e%2e/$name"
    both 404 "/..%2f$name"
    both 404 "/%2e%2e%2f$(printf %s "$name" | sed 's|/|%2f|g')"
    both 404 "/..%5c$name"
    both 404 "/%252e%252e/$name"
    both 404 "/$FEED/../../$name"
    both 404 "/$FEED/..%2f..%2f$name"
    both 404 "//..//$name"
done <hidden
for path in / /. /.. /private /private/ /private/keys/ /index.html /hanse /hanse/ /hanse/public/ /tile/ "/$FEED" "/$FEED/" \
    /checkpoint/ //checkpoint /./checkpoint /checkpoint%00 /check%70oint /checkpoint? '/checkpoint?x=1' /Checkpoint \
    /hanse/../checkpoint "/$FEED/$FEED/checkpoint" "/$FEED//checkpoint" \
    /ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff/checkpoint \
    "/$(printf %s "$FEED" | tr a-f A-F)/checkpoint"; do
    both 404 "$path"
done
for method in POST PUT DELETE OPTIONS PATCH; do
    both 405 /checkpoint -X "$method"
done

# The independent reader over nginx, at the root and by the hash.
for place in "$NGINX_URL" "$NGINX_URL$FEED/"; do
    CHECKS=$((CHECKS + 1))
    node "$SOURCE/examples/reader/hanse-reader.mjs" "$place" --key "$KEY" --pin "$NGINX_PIN" >out 2>err ||
        die 'the independent reader does not accept it'
    says ' result ok$'
done
stop_server
kill -QUIT "$NGINX"
wait "$NGINX" || die 'nginx did not end well'
grep -E '\[(emerg|alert|crit)\]' nginx.log | grep -v 'levels of symbolic links' >complaints || true
[ ! -s complaints ] || die "nginx complains: $(head -n 3 complaints)"
echo "$CHECKS checks"
