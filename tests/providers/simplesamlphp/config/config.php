<?php

$config = [
    'baseurlpath' => getenv('ADDRESS') . '/simplesaml/',
    'certdir' => getenv('FOLDER') . '/',
    'loggingdir' => getenv('FOLDER') . '/',
    'datadir' => getenv('FOLDER') . '/',
    'tempdir' => getenv('FOLDER') . '/simplesaml',
    'logging.handler' => 'file',
    'logging.level' => \SimpleSAML\Logger::WARNING,
    'showerrors' => true,
    'errorreporting' => false,
    'technicalcontact_email' => 'nobody@example.invalid',
    'timezone' => 'UTC',
    'secretsalt' => 'drawn for nothing: this provider lives as long as a test',
    'auth.adminpassword' => 'nobody',
    'enable.saml20-idp' => true,
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => getenv('FOLDER'),
    'session.cookie.secure' => false,
    'module.enable' => ['exampleauth' => true, 'saml' => true, 'core' => true],
    'metadata.sources' => [['type' => 'flatfile', 'directory' => __DIR__ . '/metadata']],
    'language.default' => 'en',
];
