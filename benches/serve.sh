#!/usr/bin/env bash
# Serving beside nginx: the same feed of some 60 KB from kliping and from nginx with gzip_static, asked by wrk on loopback in turn,
# so that whatever else the machine does falls on both. Fails where kliping is below its floor.
#
#     benches/serve.sh [ROUNDS] [SECONDS]
#
# KLIPING=… names a program that is built already.
set -euo pipefail
rounds=${1:-5} seconds=${2:-3}
for tool in nginx wrk curl; do
    if ! command -v "$tool" >/dev/null; then
        echo "SKIPPED: $tool is not installed (Debian: apt-get install nginx-light wrk curl)"
        exit 0
    fi
done
cd "$(dirname "$0")/.."
if [ -z "${KLIPING:-}" ]; then
    cargo build --release --locked
    KLIPING=${CARGO_TARGET_DIR:-target}/release/kliping
fi
work=$(mktemp -d)
# nginx's workers may be somebody else.
chmod 755 "$work"
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# An outlet's feed of 66 items, dropped as a file: nothing is polled over the network.
mkdir "$work/drop"
{
    echo '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Media contoh</title><link>https://media.example/</link><description>Berita</description>'
    # Words by chance, always the same: as compressible as news is.
    awk 'BEGIN {
        srand(7)
        count = split("pemerintah provinsi kalimantan timur menggelar rapat koordinasi bersama dinas perlindungan perempuan anak korban perdagangan orang balikpapan samarinda penajam pembangunan jalan warga masyarakat mengatakan kegiatan tersebut dilaksanakan untuk meningkatkan pelayanan publik kesehatan sekolah guru banjir sungai mahakam pelabuhan kapal harga beras pasar pedagang polisi menangkap pelaku narkoba sidang hakim jaksa pertandingan stadion pemain cuaca hujan petir imbauan bupati gubernur", words, " ")
        for (number = 1; number <= 66; number++) {
            title = text = ""
            for (at = 0; at < 8; at++) title = title words[int(rand() * count) + 1] " "
            for (at = 0; at < 25; at++) text = text words[int(rand() * count) + 1] " " (at % 9 ? "" : int(rand() * 9999) " ")
            printf "<item><title>%s%d</title><link>https://media.example/berita/%d</link><guid>https://media.example/?p=%d</guid><pubDate>Thu, 11 Jul 2024 06:00:00 +0000</pubDate><description>%s</description></item>\n", title, number, number, number, text
        }
    }'
    echo '</channel></rss>'
} >"$work/drop/feed.xml"
# A file that was just written may not be whole yet, and would be left for the next look.
touch -d '1 hour ago' "$work/drop/feed.xml"
cat >"$work/feeds.toml" <<TOML
[site]
title = "Uji"
url = "http://127.0.0.1/"
[server]
listen = "127.0.0.1:0"
[[source]]
id = "media"
title = "Media contoh"
url = "https://media.example/"
kind = "file"
path = "drop"
TOML
KLIPING_LOG=warn "$KLIPING" run --config "$work/feeds.toml" 2>"$work/log" &
pids+=($!)
ours=
for _ in $(seq 100); do
    ours=$(sed -n 's|^listening on ||p' "$work/log")
    [ -n "$ours" ] && curl -fs "$ours/metrics" | grep -q '^kliping_kept_items 66' && break
    sleep 0.2
done
[ -n "$ours" ] || { cat "$work/log"; echo "kliping did not start"; exit 1; }
# Let the index and the first look at everything end.
sleep 3
mkdir -p "$work/root"
curl -fs "$ours/all.rss" -o "$work/root/all.rss"
curl -fs -H 'accept-encoding: gzip' "$ours/all.rss" -o "$work/root/all.rss.gz"
touch -r "$work/root/all.rss" "$work/root/all.rss.gz"
port=$((20000 + $$ % 20000))
cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; error_log $work/nginx.log crit; worker_processes 2;
events { worker_connections 1024; }
http {
    access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_timeout 65; keepalive_requests 100000000; gzip_static on;
    types { application/rss+xml rss; }
    client_body_temp_path $work/a; proxy_temp_path $work/b; fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
    server { listen 127.0.0.1:$port; root $work/root; }
}
CONF
nginx -c "$work/nginx.conf" -p "$work" &
pids+=($!)
theirs="http://127.0.0.1:$port"
for _ in $(seq 50); do curl -fs "$theirs/all.rss" -o /dev/null && break; sleep 0.1; done

etag() { curl -fs -D - -o /dev/null -H 'accept-encoding: gzip' "$1/all.rss" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'; }
status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
our_tag=$(etag "$ours") their_tag=$(etag "$theirs")
[ "$(status -H "if-none-match: $our_tag" "$ours/all.rss")" = 304 ]
[ "$(status -H 'accept-encoding: gzip' -H "if-none-match: $their_tag" "$theirs/all.rss")" = 304 ]
echo "a feed of $(stat -c %s "$work/root/all.rss") bytes, $(stat -c %s "$work/root/all.rss.gz") packed; $rounds rounds of $seconds s each"

ask() { wrk -t2 -c32 -d"${seconds}s" "$@" | awk '/Requests\/sec/ { print $2 } /Non-2xx|Socket errors/ { print "wrk: " $0 > "/dev/stderr" }'; }
median() { sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
failed=0
compare() { # NAME FLOOR OUR_HEADERS… -- THEIR_HEADERS…
    local name=$1 floor=$2 mine=() yours=()
    shift 2
    while [ "$1" != -- ]; do mine+=(-H "$1"); shift; done
    shift
    for header in "$@"; do yours+=(-H "$header"); done
    : >"$work/ratios"; : >"$work/ours"; : >"$work/theirs"
    for _ in $(seq "$rounds"); do
        a=$(ask "${mine[@]}" "$ours/all.rss")
        b=$(ask "${yours[@]}" "$theirs/all.rss")
        echo "$a" >>"$work/ours"; echo "$b" >>"$work/theirs"
        awk "BEGIN { print $a / $b }" >>"$work/ratios"
    done
    ratio=$(median <"$work/ratios")
    verdict=$(awk "BEGIN { print ($ratio >= $floor) ? \"ok\" : \"TOO SLOW\" }")
    printf '%-9s kliping %8.0f/s, nginx %8.0f/s, ratio %.2f (at least %s): %s\n' "$name" "$(median <"$work/ours")" "$(median <"$work/theirs")" "$ratio" "$floor" "$verdict"
    [ "$verdict" = ok ] || failed=1
}
compare gzip 0.9 'Accept-Encoding: gzip' -- 'Accept-Encoding: gzip'
compare 304 0.9 'Accept-Encoding: gzip' "If-None-Match: $our_tag" -- 'Accept-Encoding: gzip' "If-None-Match: $their_tag"
compare identity 0.7 'Accept-Encoding: identity' -- 'Accept-Encoding: identity'
exit "$failed"
