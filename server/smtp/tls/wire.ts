// Watches the record layer in both directions while a handshake runs, and writes down what is not encrypted: the
// hellos, the server's choices, alerts, and the sizes of the rest. It never changes or holds up a byte.
import type { ClientHello, TlsHandshake } from '../../../shared/tls.ts';
import type { Side } from '../../../shared/transcript.ts';
import { maxHelloBytes, parseClientHello } from './client-hello.ts';
import { alertName, messageName } from './names.ts';
import { MessageReader, RecordReader, type HandshakeMessage, type TlsRecord } from './record-reader.ts';
import { parseKeyExchangeGroup, parseServerHello, type ServerHello } from './server-hello.ts';

/** A handshake has about ten; a hostile peer may send empty records for ever. */
const maxSteps = 64;
const maxAlerts = 16;
const maxFirstBytes = 64;

export type TlsAlert = TlsHandshake['alerts'][number];
export type TlsStep = TlsHandshake['steps'][number];

interface Direction {
  records: RecordReader;
  messages: MessageReader;
  isEncrypted: boolean;
}

const openDirection = (): Direction => ({
  records: new RecordReader(),
  messages: new MessageReader(maxHelloBytes),
  isEncrypted: false,
});

export class TlsWire {
  clientHello: ClientHello | null = null;
  serverHello: ServerHello | null = null;
  helloRetry = false;
  group: string | null = null;
  readonly alerts: TlsAlert[] = [];
  readonly steps: TlsStep[] = [];
  /** The first bytes of the client, to say what it speaks when that is not TLS. */
  firstBytes: Buffer = Buffer.alloc(0);
  /** The side whose bytes are no TLS records. */
  notTls: Side | null = null;
  /** A certificate of ours went out: in TLS 1.3 within the encrypted flight behind the ServerHello. */
  certificateSent = false;
  #sides: Record<Side, Direction> = { client: openDirection(), server: openDirection() };
  #isDone = false;
  #helloLayer = { bytes: 0, records: 0 };

  /** `atUs` as `steadyUs()` gives it. */
  feed(side: Side, chunk: Buffer, atUs: number): void {
    const direction = this.#sides[side];
    if (this.#isDone) return;
    if (side === 'client' && this.firstBytes.length < maxFirstBytes)
      this.firstBytes = Buffer.concat([
        this.firstBytes,
        chunk.subarray(0, maxFirstBytes - this.firstBytes.length),
      ]);
    const isTls = direction.records.feed(chunk, (record) => this.#read(side, record, atUs));
    if (!isTls) this.notTls ??= side;
  }

  /** The handshake is over: nothing more is read, and what was held back is let go. */
  finish(): void {
    this.#isDone = true;
    this.#sides = { client: openDirection(), server: openDirection() };
  }

  /** The client answered our flight: with encrypted records in TLS 1.3, with its key exchange before. */
  get clientAnswered(): boolean {
    return this.steps.some(
      ({ from, name }) => from === 'client' && (name.startsWith('encrypted') || name === 'ClientKeyExchange'),
    );
  }

  #read(side: Side, record: TlsRecord, atUs: number): void {
    const direction = this.#sides[side];
    const bytes = record.length + 5;
    const step = (name: string, size = bytes): void => this.#note({ from: side, atUs, name, bytes: size });
    if (side === 'client' && !this.clientHello) {
      this.#helloLayer.bytes += bytes;
      this.#helloLayer.records++;
    }
    if (record.type === 20) {
      // In TLS 1.3 it is a dummy for middleboxes (RFC 8446 appendix D.4).
      if (this.serverHello && !this.serverHello.isTls13) direction.isEncrypted = true;
      step('ChangeCipherSpec');
    } else if (record.type === 23 || direction.isEncrypted) {
      if (side === 'server')
        this.certificateSent ||= this.serverHello?.isTls13 === true && !this.serverHello.pskSelected;
      step(record.type === 21 ? `encrypted alert (${bytes} bytes)` : `encrypted (${bytes} bytes)`);
    } else if (record.type === 21) {
      this.#readAlert(side, record.body, atUs);
    } else if (record.type === 22) {
      direction.messages.feed(record.body, (message) => this.#readMessage(side, message, atUs));
    }
  }

  #readAlert(side: Side, body: Buffer, atUs: number): void {
    if (body.length !== 2)
      return this.#note({ from: side, atUs, name: 'malformed alert', bytes: body.length + 5 });
    const code = body.readUInt8(1);
    const level = body[0] === 1 ? 'warning' : 'fatal';
    const alert: TlsAlert = { from: side, level, code, name: alertName(code), atUs };
    if (this.alerts.length < maxAlerts) this.alerts.push(alert);
    this.#note({ from: side, atUs, name: `alert ${alert.name}`, bytes: body.length + 5 });
  }

  #readMessage(side: Side, message: HandshakeMessage, atUs: number): void {
    let name = messageName(message.type);
    if (message.type === 1 && side === 'client' && message.bytes) {
      this.clientHello ??= parseClientHello(message.bytes, this.#helloLayer);
      if (!this.clientHello) name = 'malformed ClientHello';
    } else if (message.type === 2 && side === 'server' && message.bytes) {
      if (this.#readServerHello(message.bytes)?.isRetry) name = 'HelloRetryRequest';
    } else if (message.type === 11 && side === 'server') {
      this.certificateSent = true;
    } else if (message.type === 12 && side === 'server' && message.bytes) {
      this.group = parseKeyExchangeGroup(message.bytes, this.serverHello?.cipher ?? '');
    }
    this.#note({ from: side, atUs, name, bytes: message.length });
  }

  #readServerHello(bytes: Buffer): ServerHello | null {
    const hello = parseServerHello(bytes);
    if (hello?.isRetry) this.helloRetry = true;
    else if (hello) {
      this.serverHello ??= hello;
      this.group ??= hello.group;
    }
    return hello;
  }

  #note(step: TlsStep): void {
    if (this.steps.length < maxSteps) this.steps.push(step);
  }
}
