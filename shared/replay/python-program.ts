// The fixed parts of a replaying Python program: standard library only.

export const pythonImports =
  'import base64, hashlib, hmac, os, re, secrets, socket, ssl, sys, urllib.request';

export const pythonConversation = `
class Secret(bytes):
    """Not printed."""


class Message(bytes):
    """Printed as its size."""


def show(side, data):
    for line in data.decode('utf-8', 'backslashreplace').split('\\r\\n'):
        text = ''.join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
        print(side + ': ' + text.encode('ascii', 'backslashreplace').decode())


class Conversation:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=60)
        self.rest = b''
        self.last = b''
        self.differs = False

    def send(self, *parts):
        shown = b''
        for part in parts:
            if isinstance(part, Secret):
                shown += b'(secret)'
            elif isinstance(part, Message):
                shown += b'(message of %d bytes)\\r\\n' % len(part)
            else:
                shown += part
        show('C', shown[:-2] if shown.endswith(b'\\r\\n') else shown)
        try:
            self.socket.sendall(b''.join(parts))
        except OSError as error:
            self.stop('the connection broke: %s' % error)

    def line(self):
        while b'\\n' not in self.rest:
            try:
                more = self.socket.recv(65536)
            except OSError as error:
                self.stop('the connection broke: %s' % error)
            if not more:
                self.stop('the server closed the connection')
            self.rest += more
        line, self.rest = self.rest.split(b'\\n', 1)
        return line.rstrip(b'\\r')

    def expect(self, *codes):
        for code in codes:
            line = self.line()
            show('S', line)
            while line[3:4] == b'-':
                line = self.line()
                show('S', line)
            self.last = line[4:]
            if code and line[:3] != b'%d' % code:
                self.differs = True
                print('*** the recorded reply was %d' % code)
                if line[:1] != b'%d' % (code // 100):
                    self.stop('what follows makes no sense after this reply')

    def start_tls(self, name, version, worked):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if version:
            context.minimum_version = context.maximum_version = version
        try:
            self.socket = context.wrap_socket(self.socket, server_hostname=name)
        except OSError as error:
            print('*** TLS failed: %s' % error)
            sys.exit(1 if worked else 0)
        print('*** TLS is up: %s, %s' % (self.socket.version(), self.socket.cipher()[0]))

    def end(self, how):
        if how == 'wait':
            try:
                while self.socket.recv(65536):
                    pass
            except OSError:
                pass
        if how == 'reset':
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\\x01\\0\\0\\0\\0\\0\\0\\0')
        self.socket.close()
        sys.exit(1 if self.differs else 0)

    def stop(self, why):
        print('*** ' + why)
        sys.exit(1)
`;

export const pythonEnvironment = `
def environment(name):
    value = os.environ.get(name)
    if value is None:
        sys.exit('Set the environment variable ' + name + '.')
    return value.encode()


def encoded(data):
    return Secret(base64.b64encode(data))
`;

/** One for each way of making a response, by its name in LoginPart. */
export const pythonLogins = {
  plain: `
def plain(authorization_id, user):
    parts = [authorization_id.encode(), user.encode(), environment('SMTP_PASSWORD')]
    return encoded(b'\\0'.join(parts))
`,
  'cram-md5': `
def cram_md5(user, challenge):
    digest = hmac.new(environment('SMTP_PASSWORD'), base64.b64decode(challenge), 'md5').hexdigest()
    return encoded(user.encode() + b' ' + digest.encode())
`,
  xoauth2: `
def xoauth2(user):
    return encoded(b'user=' + user.encode() + b'\\x01auth=Bearer ' + environment('SMTP_TOKEN') + b'\\x01\\x01')
`,
  oauthbearer: `
def oauthbearer(user):
    name = user.replace('=', '=3D').replace(',', '=2C').encode()
    return encoded(b'n,a=' + name + b',\\x01auth=Bearer ' + environment('SMTP_TOKEN') + b'\\x01\\x01')
`,
  scram: `
def scram_first(user):
    global scram_bare
    name = user.replace('=', '=3D').replace(',', '=2C')
    scram_bare = ('n=%s,r=%s' % (name, secrets.token_urlsafe(18))).encode()
    return encoded(b'n,,' + scram_bare)


def scram_final(challenge):
    first = base64.b64decode(challenge)
    fields = dict(field.split(b'=', 1) for field in first.split(b','))
    salt, rounds = base64.b64decode(fields[b's']), int(fields[b'i'])
    salted = hashlib.pbkdf2_hmac('sha256', environment('SMTP_PASSWORD'), salt, rounds)
    key = hmac.digest(salted, b'Client Key', 'sha256')
    end = b'c=biws,r=' + fields[b'r']
    signature = hmac.digest(hashlib.sha256(key).digest(), b','.join([scram_bare, first, end]), 'sha256')
    proof = bytes(a ^ b for a, b in zip(key, signature))
    return encoded(end + b',p=' + base64.b64encode(proof))
`,
};

const pythonLogin = `
    login = base64.b64encode(b':' + environment('MAILSCOPE_TOKEN')).decode()
    request.add_header('Authorization', 'Basic ' + login)`;

export const pythonStored = (asksForLogin: boolean): string => `
def stored(url, stuffed, offset, length):
    request = urllib.request.Request(url)${asksForLogin ? pythonLogin : ''}
    try:
        raw = urllib.request.urlopen(request).read()
    except OSError as error:
        talk.stop('the message could not be fetched: %s' % error)
    if not stuffed:
        return Message(raw[offset:offset + length])
    raw = re.sub(rb'(\\A|\\r\\n)\\.', rb'\\1..', raw)
    return Message(raw + (b'.\\r\\n' if raw.endswith(b'\\r\\n') or not raw else b'\\r\\n.\\r\\n'))
`;
