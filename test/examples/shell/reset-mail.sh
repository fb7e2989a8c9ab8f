#!/bin/sh
# Sends a mail with curl, waits for it, and looks for its code. Needs only curl.
set -eu
url=${MAILSCOPE_URL:-http://127.0.0.1:8025}
smtp=${MAILSCOPE_SMTP:-127.0.0.1:1025}

# The answer's header has the cursor: no JSON has to be read.
after=$(curl -sS -o /dev/null -D - "$url/api/ready" | tr -d '\r' | sed -n 's/^[Mm]ailscope-[Cc]ursor: //p')

# This stands for the application under test.
printf 'From: no-reply@shop.example\r\nTo: shell@example.test\r\nSubject: Reset your password\r\n\r\nYour code is 482913.\r\n' |
  curl -sS --url "smtp://$smtp" --mail-from no-reply@shop.example --mail-rcpt shell@example.test -T -

# Ends with 22, and the explanation on standard output, when it does not come within 8 s.
curl -sS --fail-with-body -G "$url/api/messages/wait" -o /dev/null \
  --data-urlencode 'query=to:shell@example.test subject:reset' --data-urlencode "after=$after" -d timeout=8s

# Conditions are checked by the server; "held" is its verdict.
report=$(curl -sS --fail-with-body "$url/api/expect" -H 'Content-Type: application/json' -d '{
  "after": "'"$after"'",
  "messages": [{ "query": "to:shell@example.test", "count": 1, "codes": [{ "code": "482913" }] }],
  "sessions": [{ "query": "rcpt:shell@example.test", "quit": true }]
}')
case $report in
  '{"held":true'*) echo 'ok: the mail came, with its code' ;;
  *) echo "not ok: $report" >&2; exit 1 ;;
esac
