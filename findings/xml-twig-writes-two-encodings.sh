#!/usr/bin/env bash
# XML::Twig 3.52 (Debian) with `output_encoding => 'UTF-8'` writes the declaration of UTF-8, and leaves the bytes to
# Perl's `print`: text whose letters all fit in Latin-1 comes out in Latin-1. With `print`, one pupil called LECŒUR turns
# the whole file into UTF-8. With `flush`, which exports of a whole school call for, each flushed piece is encoded by
# itself: one file that declares UTF-8 is Latin-1 in most pupils and UTF-8 in those who have an œ.
# One would expect an option called `output_encoding` to encode, or one encoding for a file. The script must open its
# output as `:utf8`. No reader can decode the flushed file with one encoding.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

if ! apt-get download -qq libxml-twig-perl=1:3.52-2 libxml-parser-perl=2.46-4+deb12u1 > apt.txt 2>&1; then
    cat apt.txt >&2
    exit 2
fi
for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
PERL5LIB=$work/unpacked/usr/share/perl5:$(dirname "$(find "$work/unpacked/usr/lib" -path '*perl5*' -name XML -type d -print -quit)")
export PERL5LIB
perl -MXML::Twig -e 'print "XML::Twig $XML::Twig::VERSION\n"'

export_of() {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<ELEVES><ELEVE><PRENOM>Zoé</PRENOM></ELEVE><ELEVE><NOM>%s</NOM></ELEVE></ELEVES>\n' "$1"
}
export_of MARTIN > plain.xml
export_of LECœUR > with-oe.xml

printed() {
    perl -MXML::Twig -e 'my $t = XML::Twig->new(output_encoding => "UTF-8"); $t->parsefile(shift); $t->print' "$1" 2> warnings.txt
}
flushed() {
    perl -MXML::Twig -e 'my $t = XML::Twig->new(output_encoding => "UTF-8", twig_handlers => { ELEVE => sub { $_[0]->flush } });
        $t->parsefile(shift); $t->flush' "$1" 2> warnings.txt
}
bytes_of() {
    LC_ALL=C sed -n "s/.*<$1>\([^<]*\)<.*/\1/p" | od -An -tx1 | tr -d '\n'
}

seen=$(for how in printed flushed; do
    for file in plain with-oe; do
        $how $file.xml > out.xml
        echo "$how, $file: $(head -1 out.xml | grep -a -o 'encoding=.[A-Z0-9-]*') Zoé is$(bytes_of PRENOM < out.xml), the other$(bytes_of NOM < out.xml)"
    done
done)
echo "$seen"
expected='printed, plain: encoding="UTF-8 Zoé is 5a 6f e9, the other 4d 41 52 54 49 4e
printed, with-oe: encoding="UTF-8 Zoé is 5a 6f c3 a9, the other 4c 45 43 c5 93 55 52
flushed, plain: encoding="UTF-8 Zoé is 5a 6f e9, the other 4d 41 52 54 49 4e
flushed, with-oe: encoding="UTF-8 Zoé is 5a 6f e9, the other 4c 45 43 c5 93 55 52'
if [ "$seen" = "$expected" ]; then
    echo "as described"
else
    echo "the behaviour changed" >&2
    exit 1
fi
