<?php
// Sends a mail over a socket, waits for it, and looks at its code and link. Run: php reset-mail.php
declare(strict_types=1);

$url = getenv('MAILSCOPE_URL') ?: 'http://127.0.0.1:8025';
$smtp = getenv('MAILSCOPE_SMTP') ?: '127.0.0.1:1025';

function ask(string $address): array
{
    $text = file_get_contents($address, false, stream_context_create(['http' => ['ignore_errors' => true]]));
    $answer = json_decode((string) $text, true, 512, JSON_THROW_ON_ERROR);
    if (isset($answer['error'])) {
        throw new RuntimeException($answer['error']['message'] . ' ' . $answer['error']['hint']);
    }
    return $answer;
}

function check(bool $holds, string $what): void
{
    if (!$holds) {
        fwrite(STDERR, "not ok: $what\n");
        exit(1);
    }
}

/** Stands for the application under test; with Symfony Mailer or PHPMailer only host and port change. */
function sendResetMail(string $smtp, string $to): void
{
    $socket = stream_socket_client("tcp://$smtp") ?: throw new RuntimeException("No connection to $smtp");
    $say = function (?string $line) use ($socket): void {
        if ($line !== null) {
            fwrite($socket, "$line\r\n");
        }
        do {
            $reply = (string) fgets($socket);
        } while (($reply[3] ?? '') === '-');
        if ($reply === '' || $reply[0] > '3') {
            throw new RuntimeException("$line was answered $reply");
        }
    };
    $say(null);
    $text = "From: no-reply@shop.example\r\nTo: $to\r\nSubject: Reset your password\r\n\r\n"
        . "Your code is 482913.\r\nReset your password: https://shop.example/reset?token=1\r\n.";
    foreach (['EHLO php', 'MAIL FROM:<no-reply@shop.example>', "RCPT TO:<$to>", 'DATA', $text, 'QUIT'] as $line) {
        $say($line);
    }
}

$after = ask("$url/api/status")['cursor'];
sendResetMail($smtp, 'php@example.test');
$query = http_build_query(['query' => 'to:php@example.test subject:reset code', 'after' => $after, 'timeout' => '8s']);
$found = ask("$url/api/messages/wait?$query")['items'];
$message = ask("$url/api/messages/{$found[0]['id']}");
check($message['codes'][0]['code'] === '482913', 'the code is 482913');
check($message['links'][0]['purpose'] === 'reset', 'the link is one to reset');
echo "ok: the mail came, with its code and link\n";
