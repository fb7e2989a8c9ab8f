// The steps of a handshake as flights: what one side sent at one moment goes as one arrow.
import type { Side } from '../../../shared/transcript.ts';
import type { TlsHandshake } from '../../../shared/tls.ts';

export interface Flight {
  from: Side;
  atUs: number;
  /** Since the flight before, or since the handshake began. */
  waitUs: number;
  parts: { name: string; bytes: number | null }[];
  isAlert: boolean;
}

interface Event {
  from: Side;
  atUs: number;
  name: string;
  bytes: number | null;
  isAlert: boolean;
}

/** Pieces of one read or write have the same time; a little more is allowed for what was written in a row. */
const togetherUs = 50;

/** RFC 8446 §5.2: inside TLS 1.3 only the length of a record can be seen. */
const encrypted = /^encrypted \(\d+ bytes\)$/;

export function readFlights(handshake: TlsHandshake): Flight[] {
  const events: Event[] = [
    ...handshake.steps.map((step) => ({ ...step, isAlert: /^alert/i.test(step.name) })),
    ...handshake.alerts
      .filter(({ name }) => !handshake.steps.some((step) => step.name.includes(name)))
      .map(({ from, atUs, level, code, name }) => ({
        from,
        atUs,
        name: `Alert ${name} (${level}, ${code})`,
        bytes: null,
        isAlert: true,
      })),
  ].sort((a, b) => a.atUs - b.atUs);
  const flights: Flight[] = [];
  let lastUs = handshake.atUs;
  for (const { from, atUs, name, bytes, isAlert } of events) {
    const part = { name: encrypted.test(name) ? 'encrypted' : name, bytes };
    const flight = flights.at(-1);
    if (flight && flight.from === from && atUs - flight.atUs <= togetherUs && flight.isAlert === isAlert) {
      const same = flight.parts.at(-1);
      if (same?.name === 'encrypted' && part.name === 'encrypted')
        same.bytes = (same.bytes ?? 0) + (bytes ?? 0);
      else flight.parts.push(part);
    } else {
      flights.push({ from, atUs, waitUs: Math.max(0, atUs - lastUs), parts: [part], isAlert });
    }
    lastUs = atUs;
  }
  return flights;
}
