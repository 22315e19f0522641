<?php

$config = ['who' => ['exampleauth:StaticSource'] + ($GLOBALS['who'] ?? [])];
