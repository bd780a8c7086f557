<?php
// Sends a school's records to School Gateway, as its software does every night. PHP 8.0 or newer, no extension needed
// beside those that PHP brings (json, zlib).
//
//     GATEWAY=http://127.0.0.1:8080 CLIENT_ID=… CLIENT_SECRET=… SCHOOL=31000501 php nightly.php

declare(strict_types=1);

const ATTEMPTS = 8;

/** The gateway does not take the request; sending the same again would not help. */
final class Refused extends RuntimeException
{
}

final class Gateway
{
    private ?string $token = null;
    private float $tokenUntil = 0;

    public function __construct(private string $url, private string $clientId, private string $clientSecret)
    {
    }

    /** One request: status, headers by their small names, and text; status 0 when no answer came. */
    private function once(string $method, string $path, ?string $body, array $headers): array
    {
        $lines = array_map(fn ($name) => "$name: $headers[$name]", array_keys($headers));
        $http = ['method' => $method, 'header' => $lines, 'content' => $body ?? '', 'timeout' => 120,
            'ignore_errors' => true, 'protocol_version' => 1.1];
        $http['header'][] = 'Connection: close';
        $stream = @fopen($this->url . $path, 'r', false, stream_context_create(['http' => $http]));
        if ($stream === false) {
            return [0, [], 'no answer'];
        }
        $answered = stream_get_meta_data($stream)['wrapper_data'];
        $text = stream_get_contents($stream);
        $isCut = stream_get_meta_data($stream)['timed_out'];
        fclose($stream);
        if ($text === false || $isCut || !preg_match('#^HTTP/\S+ (\d{3})#', $answered[0], $status)) {
            return [0, [], 'no answer'];
        }
        $known = [];
        foreach (array_slice($answered, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $known[strtolower($name)] = trim($value);
        }
        return [(int) $status[1], $known, $text];
    }

    /** Asks until there is an answer that stands: waits as long as the gateway says, else longer each time. */
    private function patiently(callable $request, array $again): array
    {
        for ($attempt = 0; $attempt < ATTEMPTS; $attempt++) {
            [$status, $headers, $text] = $request();
            if (!in_array($status, $again, true) && $status < 500) {
                break;
            }
            $seconds = (float) ($headers['retry-after'] ?? min(60, 2 ** $attempt) * (0.5 + lcg_value()));
            usleep((int) ($seconds * 1e6));
        }
        return [$status, $headers, $text];
    }

    /** The token at hand, or another one a minute before its end. */
    private function bearer(): string
    {
        if ($this->token === null || microtime(true) > $this->tokenUntil) {
            $form = http_build_query(['grant_type' => 'client_credentials', 'client_id' => $this->clientId,
                'client_secret' => $this->clientSecret]);
            $headers = ['Content-Type' => 'application/x-www-form-urlencoded'];
            $request = fn () => $this->once('POST', '/oauth/token', $form, $headers);
            [$status, , $text] = $this->patiently($request, [0, 429]);
            if ($status !== 200) {
                throw new Refused("no token: $status $text");
            }
            $answer = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
            $this->token = $answer['access_token'];
            $this->tokenUntil = microtime(true) + $answer['expires_in'] - 60;
        }
        return $this->token;
    }

    /** A request with a token. Reads, writes of one record and submissions with a key may all be repeated. */
    public function call(string $method, string $path, ?string $body = null, array $headers = [], array $again = [0, 429]): array
    {
        $request = fn () => $this->once($method, $path, $body,
            ['Accept-Language' => 'vi', 'Authorization' => 'Bearer ' . $this->bearer()] + $headers);
        $answer = $this->patiently($request, $again);
        if ($answer[0] === 401) { // It ran out or was revoked: another one, once.
            $this->token = null;
            $answer = $this->patiently($request, $again);
        }
        return $answer;
    }

    public function read(string $path): array
    {
        [$status, , $text] = $this->call('GET', $path);
        if ($status !== 200) {
            throw new Refused("$path: $status $text");
        }
        return json_decode($text, true, 512, JSON_THROW_ON_ERROR);
    }

    /** The items of a list, page by page. */
    public function items(string $path): Generator
    {
        for ($cursor = ''; $cursor !== null; $cursor = $page['nextCursor']) {
            $page = $this->read($path . ($cursor === '' ? '' : (str_contains($path, '?') ? '&' : '?') . 'cursor=' . rawurlencode($cursor)));
            foreach ($page['items'] as $item) {
                yield $item;
            }
        }
    }

    /** Sends records in the background, waits for the report and gives it back. */
    public function submit(string $school, array $records): array
    {
        $lines = '';
        foreach ($records as $record) {
            $lines .= json_encode($record, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR) . "\n";
        }
        // The same records on the same day are the same submission, also after a crash of this program.
        $key = $school . '-' . date('Y-m-d') . '-' . substr(hash('sha256', $lines), 0, 16);
        $headers = ['Content-Type' => 'application/x-ndjson', 'Content-Encoding' => 'gzip', 'Prefer' => 'respond-async',
            'Idempotency-Key' => $key];
        // 409: the first one with this key is still being received.
        [$status, , $text] = $this->call('POST', '/v1/submissions', gzencode($lines), $headers, [0, 409, 429]);
        if (!in_array($status, [200, 202, 422], true) || !str_contains($text, '"counts"')) {
            throw new Refused("$status: $text");
        }
        $report = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
        for ($pause = 0.2; in_array($report['status'], ['queued', 'processing'], true); $pause = min(10, $pause * 2)) {
            usleep((int) ($pause * 1e6));
            $report = $this->read($report['links']['self']);
        }
        return $report;
    }
}

/** What your program reads from its own database. */
function recordsOf(string $school, string $year): array
{
    $record = fn (string $resource, array $data) => ['resource' => $resource, 'data' => ['schoolCode' => $school] + $data];
    $student = fn (string $code, string $name, string $birthDate, string $sex) => $record('students', ['studentCode' => $code,
        'fullName' => $name, 'birthDate' => $birthDate, 'sex' => $sex, 'ethnicity' => '01']);
    $enrollment = fn (string $code) => $record('enrollments', ['schoolYear' => $year, 'studentCode' => $code,
        'classCode' => '6A2', 'entryDate' => '2025-09-05', 'entryType' => 'new']);
    $code = fn (string $number) => '31' . substr($school, 2) . $number;
    $provisional = "TAM-$school-01"; // The sector has not given this student ten digits yet.
    return [
        $record('schools', ['name' => 'Trường THCS Hoa Phượng', 'level' => '2', 'schoolType' => '07', 'ownership' => '1',
            'provinceCode' => substr($school, 0, 2), 'communeCode' => '10507', 'status' => 'open']),
        $record('classes', ['schoolYear' => $year, 'classCode' => '6A2', 'name' => '6A2', 'grade' => '06']),
        $student($code('01'), 'Lê Thu Trang', '2014-07-01', 'female'), $enrollment($code('01')),
        $student($code('02'), 'Vũ Hải Nam', '9/3/2014', 'male'), $enrollment($code('02')),
        $student($provisional, 'Đỗ Bảo Ngọc', '2014-11-03', 'female'), $enrollment($provisional),
    ];
}

/** Mends what a program can; the rest is for people. */
function mend(array &$record, array $issue): bool
{
    $member = ltrim($issue['pointer'], '/');
    $value = $record['data'][$member] ?? null;
    if ($issue['code'] === 'DT-001' && is_string($value) && preg_match('#^(\d{1,2})/(\d{1,2})/(\d{4})$#', $value, $day)) {
        $record['data'][$member] = sprintf('%s-%02d-%02d', $day[3], $day[2], $day[1]); // As people write days.
        return true;
    }
    echo '  to be mended by hand: ', json_encode($issue['key']), " $issue[message] $issue[hint]\n";
    return false;
}

function told(array $report): string
{
    return "$report[result] " . json_encode($report['counts']);
}

function main(): void
{
    $gateway = new Gateway(rtrim(getenv('GATEWAY'), '/'), getenv('CLIENT_ID'), getenv('CLIENT_SECRET'));
    [$school, $year] = [getenv('SCHOOL') ?: '31000501', '2025-2026'];
    $records = recordsOf($school, $year);
    $report = $gateway->submit($school, $records);
    echo 'sent: ', told($report), "\n";

    $mended = [];
    foreach ($gateway->items($report['links']['issues']) as $issue) {
        if ($issue['severity'] === 'error' && mend($records[$issue['index']], $issue)) {
            $mended[$issue['index']] = true;
        }
    }
    if ($mended) {
        ksort($mended);
        echo 'mended: ', told($gateway->submit($school, array_values(array_intersect_key($records, $mended)))), "\n";
    }

    // The sector has given the student a code: say it once; both codes lead to the same record from then on.
    $official = json_encode(['studentCode' => '31' . substr($school, 2) . '03']);
    [$status, , $text] = $gateway->call('POST', "/v1/students/TAM-$school-01/identify", $official, ['Content-Type' => 'application/json']);
    echo 'official code: ', $status === 200 ? json_decode($text, true)['studentCode'] : "$status $text", "\n";

    foreach ($gateway->items("/v1/students?schoolCode=$school&sort=studentCode&limit=2") as $student) {
        echo "stored: $student[studentCode] $student[fullName] $student[birthDate]\n";
    }
}

try {
    main();
} catch (Refused $refused) {
    fwrite(STDERR, $refused->getMessage() . "\n");
    exit(1);
}
