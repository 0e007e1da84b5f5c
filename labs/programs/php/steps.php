<?php

/**
 * Reports the steps of a program to the file named by LAB_STEPS; without it, to nobody.
 * The lines are described in docs/programs.md.
 */

declare(strict_types=1);

/** Runs the operation and returns what it returned, or lets through what it threw. */
function step(string $name, callable $operation): mixed
{
    report($name, 'begin');
    try {
        $result = $operation();
    } catch (Exception $error) {
        report($name, 'error', $error::class, nameOf($error->getCode()), $error->getMessage());
        throw $error;
    }
    // At the end of file fgets() returns false, not even a line feed.
    $isEnd = $result === false && ($name === 'read' || $name === 'validate');
    report($name, $isEnd ? 'eof' : 'ok');
    return $result;
}

function report(string ...$fields): void
{
    static $file;
    // PHP follows links itself, and that of a pipe in /dev/fd leads nowhere.
    $path = str_replace('/dev/fd/', 'php://fd/', (string) getenv('LAB_STEPS'));
    $file ??= $path === '' ? false : fopen($path, 'a');
    if ($file) {
        // As a text: a float has no room for all digits.
        [$fraction, $seconds] = explode(' ', microtime());
        $time = $seconds . substr($fraction, 2, 6);
        $escapes = ['\\' => '\\\\', "\t" => '\t', "\n" => '\n', "\r" => '\r'];
        $words = array_map(fn (string $field) => strtr($field, $escapes), $fields);
        // Streams of files have no buffer for writing: each line is one write, also to a pipe.
        fwrite($file, implode("\t", [$time, ...$words]) . "\n");
    }
}

/** The name of an errno, which the constants of the extension for sockets know. */
function nameOf(int $errno): string
{
    foreach (get_defined_constants(true)['sockets'] as $name => $value) {
        if ($value === $errno && str_starts_with($name, 'SOCKET_E')) {
            return substr($name, strlen('SOCKET_'));
        }
    }
    return '-';
}

report('runtime', 'ok', PHP_VERSION);
