// An SMTP client that costs little, so that it does not bound what is measured: no text, no regular expression, and one
// write for each command.
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

const mail = Buffer.from('MAIL FROM:<bench@example.com>\r\n');
const rcpt = Buffer.from('RCPT TO:<inbox@example.com>\r\n');
const data = Buffer.from('DATA\r\n');
const [lf, blank] = [10, 32];

export function openFast({ port, tls }) {
  return new Promise((ready, refuse) => {
    const options = { host: '127.0.0.1', port, noDelay: true };
    // A session of TLS each, as different clients have.
    const socket = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connectTcp(options);
    let settle = null;
    let fail = refuse;
    /** The beginning of the last line so far. */
    let line = '';
    const end = (error) => {
      const told = fail;
      fail = () => {};
      told(error);
    };
    socket.on('error', end);
    socket.on('close', () => end(new Error('the server closed the connection')));
    socket.setTimeout(60_000, () => socket.destroy(new Error('no answer within 60 s')));
    socket.on('data', (bytes) => {
      let from = 0;
      for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, from)) {
        if (line.length < 4) line += bytes.latin1Slice(from, Math.min(at, from + 4 - line.length));
        const isLast = line.charCodeAt(3) === blank;
        const isBad = line.charCodeAt(0) > 51;
        const said = line;
        line = '';
        from = at + 1;
        if (isBad) end(new Error(`the server said ${said}`));
        else if (isLast) settle?.();
      }
      if (from < bytes.length)
        line += bytes.latin1Slice(from, Math.min(bytes.length, from + 4 - line.length));
    });
    const ask = (bytes) =>
      new Promise((resolve, reject) => {
        settle = resolve;
        fail = reject;
        socket.write(bytes);
      });
    const client = {
      async send(wire) {
        await ask(mail);
        await ask(rcpt);
        await ask(data);
        await ask(wire);
      },
      async quit() {
        await ask(Buffer.from('QUIT\r\n'));
        client.close();
      },
      close() {
        fail = () => {};
        socket.destroy();
      },
    };
    settle = () => ask(Buffer.from('EHLO bench.example.com\r\n')).then(() => ready(client), refuse);
  });
}
