#!/usr/bin/env bash
# The zip format has fields for archives cut in several parts: a mark at the start of the first, the number of the part
# in the last. Info-ZIP's `zip -s` fills them. 7-Zip's `-v` (26.02) does not: its parts are a plain cut of a whole archive.
# The first part is, byte for byte, the beginning of a download that was interrupted; the last says that it is part 0 of
# one, and only gives itself away by a directory that starts before its first byte.
# Who tells parts by the fields of the format, as its specification invites, never sees those of the most used tool.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if ! apt-get download -qq 7zip=22.01+really26.02+dfsg-0+deb12u1 zip=3.0-13+deb12u1 > apt.txt 2>&1; then
    cat apt.txt >&2
    exit 2
fi
for package in ./*.deb; do dpkg-deb -x "$package" root; done
seven=$(find root -name 7zz -type f -print -quit)
zip=root/usr/bin/zip
"$seven" | sed -n 2p
"$zip" -v | sed -n 2p

head -c 200000 /dev/urandom > photo.jpg
"$seven" a -bd -tzip -mx0 whole.zip photo.jpg > log.txt
"$seven" a -bd -tzip -mx0 -v64k cut.zip photo.jpg > log.txt
"$zip" -q -0 -s 64k parts.zip photo.jpg

seen=$(python3 - <<'PYTHON'
import glob
import struct


def end_of(name):
    data = open(name, "rb").read()
    at = data.rfind(b"PK\5\6")
    disk, _, _, _, size, offset, _ = struct.unpack("<HHHHIIH", data[at + 4 : at + 22])
    return f"the last is part {disk}, its directory ends at {'a byte before the file' if offset + size > at else 'a byte of the file'}"


first = open("cut.zip.001", "rb").read()
whole = open("whole.zip", "rb").read()
print("7-Zip: first starts with", first[:4].hex(), "and is the start of the whole:", whole[: len(first)] == first)
print("7-Zip:", end_of(sorted(glob.glob("cut.zip.*"))[-1]))
print("Info-ZIP: first starts with", open("parts.z01", "rb").read(4).hex())
print("Info-ZIP:", end_of("parts.zip").split(",")[0])
PYTHON
)
echo "$seen"
expected='7-Zip: first starts with 504b0304 and is the start of the whole: True
7-Zip: the last is part 0, its directory ends at a byte before the file
Info-ZIP: first starts with 504b0708
Info-ZIP: the last is part 3'
if [ "$seen" = "$expected" ]; then
    echo "as described"
else
    echo "the behaviour changed" >&2
    exit 1
fi
