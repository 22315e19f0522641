<?php

$service = getenv('FOLDER') . '/service.xml';
if (is_file($service)) {
    $entity = \SimpleSAML\Metadata\SAMLParser::parseString(file_get_contents($service));
    $metadata[$entity->getEntityId()] = $entity->getMetadata20SP();
}
