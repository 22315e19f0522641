# Debian's LemonLDAP::NG as an identity provider, behind Plack's own server.
#
# It takes requests by HTTP-Redirect, refuses those that are not signed or carry no RelayState, asks who comes, and lets
# the portal answer by HTTP-POST: it signs the message and the assertion, which lives 72,000 seconds by its default.
#
# `provider.pl PORT KEY CERTIFICATE SERVICE`: two PEM files, and the service's metadata, which the portal reads once, at the
# first sign-in. The environment says DELIVERED, the names of the attributes.
use strict;
use warnings;
use utf8;

use Encode qw(encode_utf8);
use File::Basename qw(dirname);
use HTML::Entities qw(encode_entities);
use JSON qw(encode_json);
use Plack::Loader;
use Plack::Request;

# Who comes, as the form says.
our %who;

# Its own `UserDB::Slave` sees no header in this version: findings/lemonldap-ng-slave-hears-no-header.sh.
package Lemonldap::NG::Portal::UserDB::Given {
    use Mouse;
    extends 'Lemonldap::NG::Common::Module';
    use constant PE_OK => 0;
    sub init      { return 1 }
    sub getUser   { return PE_OK }
    sub findUser  { return PE_OK }
    sub setGroups { return PE_OK }
    sub setSessionInfo {
        my ( $self, $request ) = @_;
        $request->{sessionInfo}{$_} = $main::who{$_} for keys %main::who;
        return PE_OK;
    }
    $INC{'Lemonldap/NG/Portal/UserDB/Given.pm'} = __FILE__;
}

# The portal loads a captcha at its start, used or not, and its own needs a library of pictures.
package Lemonldap::NG::Portal::Captcha::Unused {
    use Mouse;
    extends 'Lemonldap::NG::Common::Module';
    sub init { return 1 }
    $INC{'Lemonldap/NG/Portal/Captcha/Unused.pm'} = __FILE__;
}

my ( $port, $key, $certificate, $service ) = @ARGV;
my $address   = "http://127.0.0.1:$port";
my $folder    = dirname($key) . '/lemonldap-ng';
my @delivered = split /,/, $ENV{DELIVERED};
my $basic     = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic';

# By `Slave`, a portal trusts the program in front of it, which names the person: here, this one.
my %configuration = (
    cfgNum                     => 1,
    cfgDate                    => time,
    authentication             => 'Slave',
    userDB                     => 'Custom',
    customUserDB               => '::UserDB::Given',
    passwordDB                 => 'Null',
    registerDB                 => 'Null',
    slaveUserHeader            => 'WHO',
    exportedVars               => {},
    locationRules              => {},
    captcha                    => '::Captcha::Unused',
    whatToTrace                => '_user',
    portal                     => "$address/",
    domain                     => '127.0.0.1',
    securedCookie              => 0,
    cookieName                 => 'lemonldap',
    globalStorage              => 'Apache::Session::File',
    globalStorageOptions       => store('sessions'),
    persistentStorage          => 'Apache::Session::File',
    persistentStorageOptions   => store('persistent'),
    issuerDBSAMLActivation     => 1,
    issuerDBSAMLPath           => '^/saml/',
    issuerDBSAMLRule           => 1,
    samlEntityID               => "$address/metadata",
    samlServicePrivateKeySig   => content($key),
    samlServicePublicKeySig    => content($certificate),
    samlServiceUseCertificateInResponse => 1,
    samlSPMetaDataXML          => {},
);

sub store {
    my ($name) = @_;
    my $at = "$folder/$name";
    for ( $folder, $at, "$at/lock" ) { mkdir $_, 0700 }
    return { Directory => $at, LockDirectory => "$at/lock", generateModule => 'Lemonldap::NG::Common::Apache::Session::Generate::SHA256' };
}

sub content {
    my ($file) = @_;
    open my $handle, '<', $file or die "$file: $!";
    local $/;
    return <$handle>;
}

sub write_to {
    my ( $file, $text ) = @_;
    open my $handle, '>', $file or die "$file: $!";
    print {$handle} $text;
    close $handle or die "$file: $!";
}

# The portal, as a program of its own: its configuration is the process's.
sub portal {
    my $conf = "$folder/conf";
    mkdir $conf, 0700;
    write_to( "$conf/lmConf-1.json", encode_json( \%configuration ) );
    write_to( "$folder/lemonldap-ng.ini",
        "[all]\nlogLevel = error\n[configuration]\ntype = File\ndirName = $conf\n[portal]\n"
          . "templateDir = /usr/share/lemonldap-ng/portal/templates\nlanguages = en\nstaticPrefix = /static\n" );
    $ENV{LLNG_DEFAULTCONFFILE} = "$folder/lemonldap-ng.ini";
    require Lemonldap::NG::Portal::Main;
    return Lemonldap::NG::Portal::Main->run( { protection => 'none' } );
}

# The body of a portal's answer to a GET.
sub ask {
    my ( $portal, $path, $query, %headers ) = @_;
    my $env = {
        REQUEST_METHOD => 'GET', SCRIPT_NAME => '', PATH_INFO => $path, REQUEST_URI => $path . ( $query && "?$query" ),
        QUERY_STRING => $query, SERVER_NAME => '127.0.0.1', SERVER_PORT => $port, SERVER_PROTOCOL => 'HTTP/1.1',
        HTTP_HOST => "127.0.0.1:$port", REMOTE_ADDR => '127.0.0.1', HTTP_ACCEPT => 'text/html',
        'psgi.version' => [ 1, 1 ], 'psgi.url_scheme' => 'http', 'psgi.errors' => \*STDERR,
        'psgi.multithread' => 0, 'psgi.multiprocess' => 0, 'psgi.run_once' => 0,
        ( map { ( "HTTP_$_" => $headers{$_} ) } keys %headers ),
    };
    open $env->{'psgi.input'}, '<', \'' or die $!;
    my $answer = $portal->($env);
    return join '', @{ $answer->[2] };
}

# Another process: the portal that signs people in is made once the service is known.
sub metadata {
    my $child = open my $said, '-|';
    die "fork: $!" unless defined $child;
    if ( !$child ) {
        print ask( portal(), '/saml/metadata', '' );
        close STDOUT;
        require POSIX;
        POSIX::_exit(0);
    }
    local $/;
    my $metadata = <$said>;
    close $said or die 'no metadata';
    return $metadata;
}

my $metadata = metadata();
my $portal;

sub known_portal {
    return $portal if $portal;
    my %options = (
        samlSPMetaDataOptionsCheckSSOMessageSignature => 1,
        samlSPMetaDataOptionsSignSSOMessage           => 1,
        samlSPMetaDataOptionsNameIDFormat             => 'transient',
    );
    $configuration{samlSPMetaDataXML} = { pix => { samlSPMetaDataXML => content($service) } };
    $configuration{samlSPMetaDataOptions} = { pix => \%options };
    $configuration{samlSPMetaDataExportedAttributes} =
      { pix => { map { $_ => "0;$_;$basic;$_" } @delivered } };
    return $portal = portal();
}

sub hidden {
    my ( $name, $value ) = @_;
    return sprintf '<input type="hidden" name="%s" value="%s">', encode_entities($name), encode_entities($value);
}

sub page {
    my ($body) = @_;
    return [ 200, [ 'Content-Type' => 'text/html; charset=utf-8' ],
        [ encode_utf8("<!doctype html><html lang=\"en\"><title>LemonLDAP::NG</title><main>$body</main></html>") ] ];
}

sub sign_in {
    my ($request) = @_;
    my $query = $request->param('query');
    return [ 400, [], ['no RelayState'] ] if $query !~ /RelayState=/;
    %who = ();
    for my $name (@delivered) {
        # Its own mark between the values of an attribute.
        my $value = join '; ', split /,/, $request->param($name) // '';
        $who{$name} = $value if length $value;
    }
    my $answer = ask( known_portal(), '/saml/singleSignOn', $query, WHO => 'somebody' );
    my %fields;
    while ( $answer =~ /<input([^>]*)>/g ) {
        my $input = $1;
        my ($name)  = $input =~ /name="([^"]*)"/;
        my ($value) = $input =~ /value="([^"]*)"/;
        $fields{$name} = $value if defined $name && $name =~ /^(?:SAMLResponse|RelayState)$/;
    }
    my ($action) = $answer =~ /<form[^>]*action="([^"]*)"/;
    my $inputs = join '', map { qq(<input type="hidden" name="$_" value="$fields{$_}">) } sort keys %fields;
    return page(qq(<form method="post" action="$action">$inputs<button>Continue</button></form>));
}

my $provider = sub {
    my $request = Plack::Request->new(shift);
    if ( $request->path eq '/metadata' ) {
        return [ 200, [ 'Content-Type' => 'application/samlmetadata+xml' ], [$metadata] ];
    }
    return sign_in($request) if $request->method eq 'POST';
    my $fields = join '', map { qq(<label>$_ <input name="$_"></label>) } @delivered;
    my $kept = hidden( query => $request->query_string );
    return page(qq(<form method="post" action="/sso">$kept$fields<button>Sign in</button></form>));
};

Plack::Loader->load( 'HTTP::Server::PSGI', host => '127.0.0.1', port => $port )->run($provider);
