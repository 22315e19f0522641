#!/usr/bin/env bash
# LemonLDAP::NG 2.16.1 (Debian 12) behind another authentication: with `userDB = Slave`, the attributes named by
# `slaveExportedVars` are said to come from HTTP headers. The user's name does; no attribute ever does. The backend answers
# that all is well, the session has no attribute, and the SAML assertion that the portal then signs has no
# AttributeStatement. Authentication reads the PSGI environment; the backend of attributes reads the request object, which
# copies the headers in a constructor that is never called.
# One would look for the fault in the names of the headers, in the front server or in the exported attributes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

llng=2.16.1+ds-deb12u10
if ! apt-get download -qq "liblemonldap-ng-portal-perl=$llng" "liblemonldap-ng-common-perl=$llng" \
    libcommon-sense-perl=3.75-3 libcookie-baker-perl=0.11-3 libhash-multivalue-perl=0.16-3 \
    libhttp-entity-parser-perl=0.25-2 libhttp-headers-fast-perl=0.22-3 libhttp-multipartparser-perl=0.02-3 \
    libjson-maybexs-perl=1.004004-1 libjson-perl=4.10000-1 libjson-xs-perl=4.040-1~deb12u1 libmouse-perl=2.5.10-1+b3 \
    libplack-perl=1.0050-1 libstream-buffered-perl=0.03-3 libtypes-serialiser-perl=1.01-1 liburi-perl=5.17-1 \
    libwww-form-urlencoded-perl=0.26-2 > apt.txt 2>&1; then
    cat apt.txt >&2
    exit 2
fi
for package in ./*.deb; do dpkg-deb -x "$package" unpacked; done
PERL5LIB=$work/unpacked/usr/share/perl5:$(dirname "$(find "$work/unpacked/usr/lib" -path '*perl5*' -name JSON -type d -print -quit)")
export PERL5LIB

cat > ask.pl <<'PERL'
use strict;
use warnings;
use Lemonldap::NG::Common::PSGI::Request;
use Lemonldap::NG::Portal::Auth::Slave;
use Lemonldap::NG::Portal::UserDB::Slave;

my $conf = { slaveUserHeader => 'Auth-User', userControl => '^\w+$', exportedVars => {}, slaveExportedVars => { sn => 'Auth-Sn' } };
my $request = Lemonldap::NG::Common::PSGI::Request->new(
    { REQUEST_URI => '/', PATH_INFO => '/', HTTP_AUTH_USER => 'somebody', HTTP_AUTH_SN => 'MARTIN' } );
my %made = ( conf => $conf, p => undef );
my $user = Lemonldap::NG::Portal::Auth::Slave->new(%made)->extractFormInfo($request);
my $data = Lemonldap::NG::Portal::UserDB::Slave->new(%made)->setSessionInfo($request);
my $sn = $request->{sessionInfo}{sn} // 'undefined';
print "user: answer $user, $request->{user}\n";
print "attributes: answer $data, sn is $sn\n";
PERL
echo "LemonLDAP::NG $llng"
seen=$(perl ask.pl)
echo "$seen"
expected='user: answer 0, somebody
attributes: answer 0, sn is undefined'
if [ "$seen" = "$expected" ]; then
    echo "as described"
else
    echo "the behaviour changed" >&2
    exit 1
fi
