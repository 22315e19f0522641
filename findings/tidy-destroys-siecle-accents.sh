#!/usr/bin/env bash
# HTML Tidy 5.6.0 (Debian) with `-xml` reads the encoding declaration of an XML file, copies it to its output, and does
# not obey it: an ISO-8859-15 export of SIECLE is decoded as UTF-8, and each accent becomes U+FFFD in a file that still
# declares iso-8859-15. The exit status is 1, the one of harmless warnings, and the accents cannot be recovered.
# One would expect a tool in XML mode to decode as declared, or to refuse. The encoding must be given by option:
# `--input-encoding latin0`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if ! apt-get download -qq tidy=2:5.6.0-11 libtidy5deb1=2:5.6.0-11 > apt.txt 2>&1; then
    cat apt.txt >&2
    exit 2
fi
for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
LD_LIBRARY_PATH=$(dirname "$(find "$work/unpacked" -name 'libtidy.so.5*' -print -quit)")
export LD_LIBRARY_PATH
tidy=$work/unpacked/usr/bin/tidy
"$tidy" -v

printf '<?xml version="1.0" encoding="ISO-8859-15"?>\n<BEE_ELEVES><PRENOM>C\xe9cile</PRENOM></BEE_ELEVES>\n' > export.xml
status=0
"$tidy" -q -xml export.xml > plain.xml 2> warnings.txt || status=$?
"$tidy" -q -xml --input-encoding latin0 --output-encoding utf8 export.xml > told.xml

declared=$(grep -a -o "encoding=.*[0-9]" plain.xml)
bytes=$(LC_ALL=C sed -n 's/.*<PRENOM>\(.*\)<\/PRENOM>.*/\1/p' plain.xml | od -An -tx1 | tr -d '\n')
told=$(sed -n 's/.*<PRENOM>\(.*\)<\/PRENOM>.*/\1/p' told.xml)
echo "exit status: $status; declared: $declared"
echo "bytes of the first name:$bytes"
echo "with the option: $told"

expected='encoding="iso-8859-15'
if [ "$status" = 1 ] && [ "$declared" = "$expected" ] && [ "$bytes" = ' 43 ef bf bd 63 69 6c 65 0a' ] && [ "$told" = Cécile ]; then
    echo "as described"
else
    echo "the behaviour changed" >&2
    exit 1
fi
