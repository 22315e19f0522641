<?php

// Debian's SimpleSAMLphp as an identity provider, behind PHP's own server: `php -S 127.0.0.1:PORT router.php`.
//
// It takes requests by HTTP-Redirect, refuses those that are not signed or carry no RelayState, asks who comes, and lets
// SimpleSAMLphp answer by HTTP-POST: it signs the response and the assertion.
//
// The environment says the rest: ADDRESS; DELIVERED, the names of the attributes; FOLDER, which holds key.pem,
// certificate.pem and service.xml, the service's metadata, read at each sign-in.

const ROOT = '/usr/share/simplesamlphp';

putenv('SIMPLESAMLPHP_CONFIG_DIR=' . __DIR__ . '/config');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$delivered = explode(',', getenv('DELIVERED'));

function hidden(string $name, string $value): string
{
    return '<input type="hidden" name="' . htmlspecialchars($name) . '" value="' . htmlspecialchars($value) . '">';
}

function answer_by(string $script): void
{
    $file = ROOT . '/www/saml2/idp/' . $script;
    $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/simplesaml/saml2/idp/' . $script;
    $_SERVER['SCRIPT_FILENAME'] = $file;
    chdir(dirname($file));
    require $file;
}

if ($path === '/metadata') {
    $_GET['output'] = 'xml';
    answer_by('metadata.php');
    return true;
}
if ($_SERVER['REQUEST_METHOD'] === 'GET') {
    $fields = implode('', array_map(fn ($name) => "<label>$name <input name=\"$name\"></label>", $delivered));
    $kept = hidden('query', $_SERVER['QUERY_STRING'] ?? '');
    echo '<!doctype html><html lang="en"><title>SimpleSAMLphp</title><main>';
    echo "<form method=\"post\" action=\"/sso\">$kept$fields<button>Sign in</button></form></main></html>";
    return true;
}

// Who comes, as SimpleSAMLphp's static source of people has them; the request, as it came.
$given = $_POST;
$GLOBALS['who'] = [];
foreach ($delivered as $name) {
    if (($given[$name] ?? '') !== '') {
        $GLOBALS['who'][$name] = explode(',', $given[$name]);
    }
}
parse_str($given['query'], $_GET);
if (($_GET['RelayState'] ?? '') === '') {
    http_response_code(400);
    return true;
}
$_REQUEST = $_GET;
// Nobody is signed in at the provider already: each sign-in says who.
$_POST = $_COOKIE = [];
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['QUERY_STRING'] = $given['query'];
$_SERVER['REQUEST_URI'] = '/sso?' . $given['query'];
answer_by('SSOService.php');
return true;
