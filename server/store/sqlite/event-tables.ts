// The log of changes is looked through by what its events are of: what is purged is taken out of them.

export interface EventsOf {
  index: string;
  types: string;
  /** What an event is of: all that we write begin with it, so that most need no look at all of their JSON. */
  key: string;
}

const messageHead = '{"message":{"seq":';
const messageAt = String(messageHead.length + 1);
/** By the seq of the message. */
export const ofMessage: EventsOf = {
  index: 'event_message',
  types: `type IN ('message:stored', 'message:parsed')`,
  key: `iif(substr(payload, 1, ${String(messageHead.length)}) = '${messageHead}',
    CAST(substr(payload, ${messageAt}, 20) AS INTEGER), json_extract(payload, '$.message.seq'))`,
};

const sessionHead = '{"session":{"id":"';
const sessionAt = String(sessionHead.length + 1);
/** By the id of the session. */
export const ofSession: EventsOf = {
  index: 'event_session',
  types: `type = 'session:closed'`,
  key: `iif(substr(payload, 1, ${String(sessionHead.length)}) = '${sessionHead}',
    substr(payload, ${sessionAt}, instr(substr(payload, ${sessionAt}, 100), '"') - 1), json_extract(payload, '$.session.id'))`,
};

export const eventIndexes = [ofMessage, ofSession]
  .map(({ index, types, key }) => `CREATE INDEX ${index} ON event (${key}) WHERE ${types};`)
  .join('\n');
