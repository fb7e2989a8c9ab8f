"""What Python's email package makes of messages. On stdin: a length of four bytes, big-endian, and a message, again
and again; on stdout a line of JSON for each."""
import email.errors
import email.policy
import email.utils
import hashlib
import json
import struct
import sys
from email import message_from_bytes

strict = email.policy.default
lenient = email.policy.compat32


def clean(text):
    """Lone surrogates stand for bytes that are no UTF-8."""
    return str(text).encode('utf-8', 'surrogatepass').decode('utf-8', 'replace')


def first_try(*ways):
    """The package raises on some headers that it accepts by another way."""
    error = None
    for way in ways:
        try:
            return way()
        except Exception as caught:  # noqa: BLE001: whatever it is, it is told
            error = caught
    return {'error': '%s: %s' % (type(error).__name__, error)}


def subject(message, plain):
    return first_try(lambda: clean(message.get('Subject', '')), lambda: clean(plain.get('Subject', '')))


def listed(header):
    return [[clean(a.display_name or ''), clean(a.addr_spec)] for a in header.addresses]


def addresses(message, plain, name):
    # Of two From fields all three parsers show the first.
    last = 1 if name == 'From' else None

    def simple():
        values = [str(value) for value in plain.get_all(name, [])[:last]]
        return [[clean(n), clean(a)] for n, a in email.utils.getaddresses(values)]

    def structured():
        found = []
        for header in message.get_all(name, [])[:last]:
            found += listed(header)
        # Names in comments, as old programs write them, are known only to the old policy.
        if any(not n for n, _ in found):
            names = {a: n for n, a in simple()}
            found = [[n or names.get(a, ''), a] for n, a in found]
        return found

    return first_try(structured, simple)


def date(message, plain):
    def structured():
        when = message['Date'].datetime if message['Date'] is not None else None
        return None if when is None else when.timestamp()

    def simple():
        when = email.utils.parsedate_to_datetime(str(plain['Date']))
        return when.timestamp()

    return first_try(structured, simple)


def leaf(part, plain):
    # A payload of the old policy is the same, and it never raises for a header.
    payload = first_try(lambda: plain.get_payload(decode=True))
    bytes_ = payload if isinstance(payload, bytes) else None
    name = first_try(lambda: part.get_filename(), lambda: plain.get_filename())
    disposition = first_try(lambda: part.get_content_disposition(), lambda: plain.get_content_disposition())
    return {
        'type': first_try(lambda: part.get_content_type(), lambda: plain.get_content_type()),
        'filename': None if name is None else clean(name) if isinstance(name, str) else None,
        'disposition': disposition if isinstance(disposition, str) else None,
        'sha256': None if bytes_ is None else hashlib.sha256(bytes_).hexdigest(),
        'size': None if bytes_ is None else len(bytes_),
    }


def leaves(part, plain, found):
    """Not into embedded messages."""
    children = part.get_payload() if part.is_multipart() else []
    if part.get_content_maintype() == 'multipart' and children:
        for child, same in zip(children, plain.get_payload()):
            leaves(child, same, found)
    else:
        found.append(leaf(part, plain))
    return found


def read(raw):
    message = message_from_bytes(raw, policy=strict)
    plain = message_from_bytes(raw, policy=lenient)
    return {
        'subject': subject(message, plain),
        'from': addresses(message, plain, 'From'),
        'to': addresses(message, plain, 'To'),
        'cc': addresses(message, plain, 'Cc'),
        'date': date(message, plain),
        'parts': first_try(lambda: leaves(message, plain, []), lambda: leaves(plain, plain, [])),
    }


def main():
    while True:
        head = sys.stdin.buffer.read(4)
        if len(head) < 4:
            return
        raw = sys.stdin.buffer.read(struct.unpack('>I', head)[0])
        answer = first_try(lambda: read(raw))
        sys.stdout.write(json.dumps(answer) + '\n')
        sys.stdout.flush()


main()
