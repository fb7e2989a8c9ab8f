// Calendars, contacts and address lists, as mail programs write them.
import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../shared/explain/address.ts';
import { parseCalendar } from '../../shared/explain/calendar.ts';
import { parseContacts } from '../../shared/explain/contact.ts';
import { explainRecurrence } from '../../shared/explain/recurrence.ts';

const crlf = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
const event = (...lines: string[]) =>
  parseCalendar(crlf('BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR')).events[0]!;

describe('an invitation', () => {
  test('of Google is read whole', () => {
    const calendar = parseCalendar(
      crlf(
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'METHOD:REQUEST',
        'BEGIN:VTIMEZONE',
        'TZID:Europe/Prague',
        'BEGIN:STANDARD',
        'DTSTART:19701025T030000',
        'END:STANDARD',
        'END:VTIMEZONE',
        'BEGIN:VEVENT',
        'DTSTART;TZID=Europe/Prague:20260706T100000',
        'DTEND;TZID=Europe/Prague:20260706T110000',
        'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10',
        'ORGANIZER;CN="Ann, Boss":mailto:ann@example.test',
        'UID:1@google.com',
        'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Bo',
        ' b;X-NUM-GUESTS=0:mailto:bob@example.test',
        'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION:MAILTO:carol@example.test',
        'DESCRIPTION:First\\nSecond\\, with a comma\\; and\\\\',
        'LOCATION:Room 1',
        'SEQUENCE:2',
        'STATUS:CONFIRMED',
        'SUMMARY:Planning',
        'BEGIN:VALARM',
        'DESCRIPTION:of the alarm',
        'TRIGGER:-PT10M',
        'END:VALARM',
        'END:VEVENT',
        'END:VCALENDAR',
      ),
    );
    expect(calendar).toMatchObject({
      method: 'REQUEST',
      methodMeaning: 'An invitation or its update; an answer is wanted.',
      truncated: false,
    });
    expect(calendar.events).toEqual([
      {
        isTask: false,
        summary: 'Planning',
        description: 'First\nSecond, with a comma; and\\',
        location: 'Room 1',
        status: 'CONFIRMED',
        start: { local: '2026-07-06T10:00:00', timeZone: 'Europe/Prague', allDay: false },
        end: { local: '2026-07-06T11:00:00', timeZone: 'Europe/Prague', allDay: false },
        when: 'Monday, 6 July 2026, 10:00 to 11:00 (Europe/Prague)',
        recurrence: 'every 2 weeks on Monday and Wednesday, 10 times',
        organizer: { name: 'Ann, Boss', address: 'ann@example.test' },
        attendees: [
          { name: 'Bob', address: 'bob@example.test', status: 'accepted', role: 'required' },
          { name: '', address: 'carol@example.test', status: 'has not answered', role: 'optional' },
        ],
        uid: '1@google.com',
        sequence: 2,
        url: '',
      },
    ]);
  });

  test('says when it is in every form of time', () => {
    expect(event('DTSTART;VALUE=DATE:20260706', 'DTEND;VALUE=DATE:20260707').when).toBe(
      'Monday, 6 July 2026, the whole day',
    );
    expect(event('DTSTART;VALUE=DATE:20260706', 'DTEND;VALUE=DATE:20260709').when).toBe(
      'Monday, 6 July 2026 to Wednesday, 8 July 2026',
    );
    expect(event('DTSTART:20260706T100000Z', 'DURATION:PT1H30M').when).toBe(
      'Monday, 6 July 2026, 10:00 to 11:30 (UTC)',
    );
    expect(event('DTSTART:20260706T230000', 'DURATION:PT2H').when).toBe(
      'Monday, 6 July 2026, 23:00 to Tuesday, 7 July 2026, 01:00',
    );
    expect(event('DTSTART;TZID=A:20260706T100000', 'DTEND;TZID=B:20260706T120000').when).toBe(
      'Monday, 6 July 2026, 10:00 (A) to Monday, 6 July 2026, 12:00 (B)',
    );
    expect(event('DTSTART:20260231T100000')).toMatchObject({ start: null, when: '' });
  });

  test('without ends, with bare LF or nested wrongly is still read', () => {
    expect(parseCalendar('BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x').events).toMatchObject([
      { summary: 'x' },
    ]);
    expect(
      parseCalendar(crlf('BEGIN:VEVENT', 'BEGIN:VALARM', 'SUMMARY:alarm', 'END:VEVENT')).events,
    ).toMatchObject([{ summary: '' }]);
    expect(parseCalendar('').events).toEqual([]);
  });

  test('with tasks says what is due', () => {
    const todo = (...lines: string[]) => ['BEGIN:VTODO', ...lines, 'END:VTODO'];
    const { events } = parseCalendar(
      crlf(
        ...['BEGIN:VCALENDAR', 'BEGIN:VEVENT', 'SUMMARY:Meet', 'DTSTART;VALUE=DATE:20260706', 'END:VEVENT'],
        ...todo('SUMMARY:Pay', 'DTSTART;VALUE=DATE:20260701', 'DUE;VALUE=DATE:20260710'),
        ...todo('SUMMARY:Some day'),
        'END:VCALENDAR',
      ),
    );
    expect(events.map(({ isTask, summary, when }) => [isTask, summary, when])).toEqual([
      [false, 'Meet', 'Monday, 6 July 2026, the whole day'],
      [true, 'Pay', 'due Friday, 10 July 2026, the whole day'],
      [true, 'Some day', ''],
    ]);
  });

  test('with more attendees than anybody reads is cut and says so', () => {
    const many = Array.from({ length: 1500 }, (_, n) => `ATTENDEE:mailto:u${n}@x.test`);
    const calendar = parseCalendar(crlf('BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...many, 'END:VEVENT'));
    expect(calendar.truncated).toBe(true);
    expect(calendar.events[0]!.attendees).toHaveLength(1000);
  });
});

test.each([
  ['FREQ=DAILY', 'every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'every week on weekdays'],
  [
    'FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000Z',
    'every month on the last Friday, until Thursday, 31 December 2026',
  ],
  ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15', 'every 3 months on day 15 of the month'],
  ['FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2', 'every month on the second of Monday and Tuesday'],
  ['FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=6;COUNT=1', 'every year in July on day 6 of the month, 1 time'],
  ['FREQ=NEVER', 'by the rule FREQ=NEVER'],
  ['', 'by the rule '],
])('the rule %s is said as "%s"', (rule, words) => {
  expect(explainRecurrence(rule)).toBe(words);
});

describe('a contact', () => {
  test('of vCard 3.0 and 4.0 is read', () => {
    expect(
      parseContacts(
        crlf(
          'BEGIN:VCARD',
          'VERSION:4.0',
          'FN:Dr. Ann Lee',
          'N:Lee;Ann;;Dr.;',
          'ORG:Example\\, Inc.;Mail',
          'TITLE:Engineer',
          'item1.EMAIL;TYPE=work,pref:ann@example.test',
          'TEL;VALUE=uri;TYPE="work,cell":tel:+420-1',
          'ADR;TYPE=home:;;Main St. 1;Prague;;11000;Czechia',
          'URL:https://example.test/',
          'BDAY:19800706',
          'NOTE:a\\nb',
          'PHOTO:data:image/png;base64,AAAA',
          'END:VCARD',
        ),
      ),
    ).toEqual([
      {
        name: 'Dr. Ann Lee',
        organization: 'Example, Inc., Mail',
        title: 'Engineer',
        emails: [{ type: 'work', value: 'ann@example.test' }],
        phones: [{ type: 'work, mobile', value: '+420-1' }],
        addresses: [{ type: 'home', value: 'Main St. 1, Prague, 11000, Czechia' }],
        urls: [{ type: '', value: 'https://example.test/' }],
        birthday: '1980-07-06',
        note: 'a\nb',
        hasPhoto: true,
      },
    ]);
  });

  test('of vCard 2.1 in quoted-printable, folded by equals signs, is read', () => {
    const [contact] = parseContacts(
      crlf(
        'BEGIN:VCARD',
        'VERSION:2.1',
        'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCl=',
        'ler;J=C3=B6rg',
        'TEL;HOME;VOICE:123',
        'END:VCARD',
      ),
    );
    expect(contact).toMatchObject({ name: 'Jörg Müller', phones: [{ type: 'home', value: '123' }] });
  });

  test('among several, or cut off, is not lost', () => {
    expect(parseContacts('BEGIN:VCARD\nFN:a\nEND:VCARD\nBEGIN:VCARD\nFN:b').map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
    expect(parseContacts('FN:nobody')).toEqual([]);
  });
});

test.each([
  ['a@x.test', [['', 'a@x.test']]],
  [
    'Ann <a@x.test>, b@x.test',
    [
      ['Ann', 'a@x.test'],
      ['', 'b@x.test'],
    ],
  ],
  ['"Doe, John" <j@x.test>', [['Doe, John', 'j@x.test']]],
  ['"odd local"@x.test', [['', '"odd local"@x.test']]],
  ['a@[IPv6:2001:db8::1]', [['', 'a@[IPv6:2001:db8::1]']]],
  [
    'Team: a@x.test, B <b@x.test>;, c@x.test',
    [
      ['', 'a@x.test'],
      ['B', 'b@x.test'],
      ['', 'c@x.test'],
    ],
  ],
  ['undisclosed-recipients:;', []],
  ['<@relay.test:a@x.test>', [['', 'a@x.test']]],
  ['a@x.test (Ann (the first))', [['Ann (the first)', 'a@x.test']]],
  ['a @ x . test', [['', 'a@x.test']]],
  ['Ann', [['Ann', '']]],
])('the address list %s', (text, wanted) => {
  expect(parseAddressList(text).map(({ name, address }) => [name, address])).toEqual(
    wanted.map(([name, address]) => [name, address]),
  );
});
