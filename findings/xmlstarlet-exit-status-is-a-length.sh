#!/usr/bin/env bash
# XMLStarlet 1.6.1 (Debian): `xmlstarlet fo --omit-decl` formats an export rightly, and exits with the number of bytes it
# wrote, modulo 256. A script under `set -e` stops on a file that is sound, and goes on when its length is a multiple of
# 256; without the option, the status is 0.
# One would expect 0 for success, as for the same command without the option.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if ! apt-get download -qq xmlstarlet=1.6.1-3 > apt.txt 2>&1; then
    cat apt.txt >&2
    exit 2
fi
dpkg-deb -x ./xmlstarlet_*.deb root
xmlstarlet=root/usr/bin/xmlstarlet
"$xmlstarlet" --version | head -1

as_described=yes
for pupils in 1 2 10; do
    {
        printf '<?xml version="1.0" encoding="ISO-8859-15"?>\n<BEE_ELEVES>'
        for pupil in $(seq "$pupils"); do printf '<ELEVE ELEVE_ID="%s"/>' "$pupil"; done
        printf '</BEE_ELEVES>\n'
    } > export.xml
    status=0
    "$xmlstarlet" fo --omit-decl export.xml > out.xml || status=$?
    plain=0
    "$xmlstarlet" fo export.xml > plain.xml || plain=$?
    bytes=$(wc -c < out.xml)
    echo "$pupils pupils: $bytes bytes written, status $status; with the declaration, status $plain"
    if [ "$status" -ne $((bytes % 256)) ] || [ "$plain" -ne 0 ] || ! grep -q "<ELEVE ELEVE_ID=\"$pupils\"/>" out.xml; then
        as_described=no
    fi
done
if [ "$as_described" = yes ]; then
    echo "as described"
else
    echo "the behaviour changed" >&2
    exit 1
fi
