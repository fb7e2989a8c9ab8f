// A process with clients of the SDK: how many, and of what, it is told by its arguments. It says when they are
// connected, and then, whenever it is asked, what they were told.
import { openLive, type Live } from '../../shared/client/live.ts';

export interface Told {
  cursor: string | null;
  events: string[];
}

const [url = '', since = '', count = '1'] = process.argv.slice(2);
let connected = 0;
const clients = Array.from({ length: Number(count) }, (): { live: Live; events: string[] } => {
  const events: string[] = [];
  let isNew = true;
  const live = openLive(url, {
    since,
    onEvent: ({ seq, type }) => void events.push(`${seq} ${type}`),
    onState: (state) => {
      if (state === 'connected' && isNew && ++connected === Number(count)) process.send?.('connected');
      isNew &&= state !== 'connected';
    },
  });
  return { live, events };
});

process.on('message', () =>
  process.send?.(clients.map(({ live, events }): Told => ({ cursor: live.cursor, events }))),
);
