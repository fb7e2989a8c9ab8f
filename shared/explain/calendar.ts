// The events and tasks of a text/calendar part (RFC 5545, RFC 5546), for a look at an attachment. Time zones are named, not
// computed: the mail may define its own.
import {
  addSeconds,
  formatSpan,
  parseCalendarTime,
  parseDuration,
  type CalendarTime,
} from './calendar-time.ts';
import { parseContentLines, readText, type ContentLine } from './content-lines.ts';
import { explainRecurrence } from './recurrence.ts';

export interface CalendarPerson {
  name: string;
  address: string;
}

export interface CalendarAttendee extends CalendarPerson {
  /** e.g. `accepted`, `has not answered`. */
  status: string;
  /** e.g. `required`, `optional`, `chair`. */
  role: string;
}

export interface CalendarEvent {
  /** VTODO, not VEVENT. */
  isTask: boolean;
  summary: string;
  description: string;
  location: string;
  /** e.g. `CONFIRMED`, `CANCELLED`; empty when not said. */
  status: string;
  start: CalendarTime | null;
  /** Of a task: when it is due. */
  end: CalendarTime | null;
  /** e.g. `Monday, 6 July 2026, 10:00 to 11:00 (Europe/Prague)`, `due Monday, 6 July 2026`; empty without a time. */
  when: string;
  /** In words; null for a single event. */
  recurrence: string | null;
  organizer: CalendarPerson | null;
  attendees: CalendarAttendee[];
  uid: string;
  sequence: number | null;
  url: string;
}

export interface Calendar {
  /** e.g. `REQUEST`; empty when not said. */
  method: string;
  /** What the method asks of the reader. */
  methodMeaning: string;
  events: CalendarEvent[];
  /** There are more events or attendees than are given. */
  truncated: boolean;
}

const maxEvents = 200;
const maxAttendees = 1000;

const methods: Readonly<Record<string, string>> = {
  REQUEST: 'An invitation or its update; an answer is wanted.',
  CANCEL: 'The event is cancelled.',
  REPLY: 'An attendee answers.',
  PUBLISH: 'For information; no answer is wanted.',
  COUNTER: 'An attendee proposes another time.',
  DECLINECOUNTER: 'Another time is declined.',
  REFRESH: 'An attendee wants the newest one.',
  ADD: 'Further dates of an event.',
};
const answers: Readonly<Record<string, string>> = {
  'NEEDS-ACTION': 'has not answered',
  ACCEPTED: 'accepted',
  DECLINED: 'declined',
  TENTATIVE: 'tentative',
  DELEGATED: 'delegated',
};
const roles: Readonly<Record<string, string>> = {
  CHAIR: 'chair',
  'REQ-PARTICIPANT': 'required',
  'OPT-PARTICIPANT': 'optional',
  'NON-PARTICIPANT': 'for information',
};

const word = (table: Readonly<Record<string, string>>, key: string, without: string): string => {
  const name = key.toUpperCase();
  return Object.hasOwn(table, name) ? table[name]! : key.slice(0, 60) || without;
};

function readPerson(line: ContentLine): CalendarPerson {
  const address = line.value
    .trim()
    .replace(/^mailto:/i, '')
    .slice(0, 1000);
  return { name: (line.params.get('CN')?.[0] ?? '').slice(0, 1000), address };
}

const emptyEvent = (isTask: boolean): CalendarEvent => ({
  isTask,
  ...{ summary: '', description: '', location: '', status: '', uid: '', url: '', when: '' },
  ...{ start: null, end: null, recurrence: null, organizer: null, attendees: [], sequence: null },
});

/** Fills in one property; the first of a name counts. Gives false when there is no room for it. */
function readProperty(event: CalendarEvent, line: ContentLine): boolean {
  const { name, value, params } = line;
  if (name === 'SUMMARY') event.summary ||= readText(value, 1000);
  else if (name === 'DESCRIPTION') event.description ||= readText(value);
  else if (name === 'LOCATION') event.location ||= readText(value, 1000);
  else if (name === 'STATUS') event.status ||= readText(value, 60).toUpperCase();
  else if (name === 'UID') event.uid ||= readText(value, 1000);
  else if (name === 'URL') event.url ||= value.trim().slice(0, 2000);
  else if (name === 'DTSTART') event.start ??= parseCalendarTime(line);
  else if (name === 'DTEND' || name === 'DUE') event.end ??= parseCalendarTime(line);
  else if (name === 'RRULE') event.recurrence ??= explainRecurrence(value);
  else if (name === 'SEQUENCE') event.sequence ??= /^\d{1,9}$/.test(value.trim()) ? Number(value) : null;
  else if (name === 'ORGANIZER') event.organizer ??= readPerson(line);
  else if (name === 'ATTENDEE') {
    if (event.attendees.length >= maxAttendees) return false;
    event.attendees.push({
      ...readPerson(line),
      status: word(answers, params.get('PARTSTAT')?.[0] ?? '', 'has not answered'),
      role: word(roles, params.get('ROLE')?.[0] ?? '', 'required'),
    });
  }
  return true;
}

const isShown = (component: string): boolean => /^V(EVENT|TODO)$/.test(component);

/** Anything gives a calendar, perhaps without events. Never throws. */
export function parseCalendar(text: string): Calendar {
  const calendar: Calendar = { method: '', methodMeaning: '', events: [], truncated: false };
  const open: string[] = [];
  let event: CalendarEvent | null = null;
  let duration: number | null = null;
  const finish = (): void => {
    if (!event) return;
    if (event.start && !event.end && duration !== null) event.end = addSeconds(event.start, duration);
    const { isTask, start, end } = event;
    event.when = isTask && end ? `due ${formatSpan(end, end)}` : start ? formatSpan(start, end) : '';
    if (calendar.events.length < maxEvents) calendar.events.push(event);
    else calendar.truncated = true;
    event = duration = null;
  };
  for (const line of parseContentLines(text)) {
    const component = line.value.trim().toUpperCase();
    if (line.name === 'BEGIN') {
      if (isShown(component)) event ??= emptyEvent(component !== 'VEVENT');
      if (open.length < 100) open.push(component);
    } else if (line.name === 'END') {
      // An END that closes an outer component closes the inner ones too.
      const at = open.lastIndexOf(component);
      if (at >= 0) open.length = at;
      if (!open.some(isShown)) finish();
    } else if (event && isShown(open.at(-1)!)) {
      if (line.name === 'DURATION') duration ??= parseDuration(line.value);
      else if (!readProperty(event, line)) calendar.truncated = true;
    } else if (line.name === 'METHOD' && open.length <= 1)
      calendar.method ||= readText(line.value, 60).toUpperCase();
  }
  finish();
  calendar.methodMeaning = Object.hasOwn(methods, calendar.method) ? methods[calendar.method]! : '';
  return calendar;
}
