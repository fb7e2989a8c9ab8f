// Settings of clients, as fixes show them.
import { expect, test } from 'vitest';
import { rules } from '../../shared/diagnose/catalogue.ts';
import { snippetKinds, snippets, snippetsOf } from '../../shared/diagnose/snippets.ts';
import { clients } from '../../shared/explain/client-marks.ts';

const common = [
  ...['nodemailer', 'Python smtplib', 'Django', 'PHPMailer', 'Ruby mail or ActionMailer'],
  ...['Go net/smtp', 'Jakarta Mail', 'Spring', 'MailKit'],
];
/** Which the wire does not tell apart from what they are made with. */
const others = ['WordPress', 'Spring', 'System.Net.Mail', 'lettre'];

test.each(snippetKinds)('%s is there for each client that people use most, once', (kind) => {
  const names = snippets[kind].map(({ client }) => client);
  expect(names).toEqual([...new Set(names)]);
  // Django sets Date and Message-ID, and UTF-8, by itself.
  expect(common.filter((name) => !names.includes(name))).toEqual([]);
  expect(names.filter((name) => !(name in clients) && !others.includes(name))).toEqual([]);
});

test('the client that was recognised comes first, and none is lost', () => {
  const all = snippetsOf('starttls', null);
  const sorted = snippetsOf('starttls', 'Postfix');
  expect(sorted[0]!.client).toBe('Postfix');
  expect(sorted).toHaveLength(all.length);
});

test('what is JavaScript can be parsed, and no line has a blank at its end', () => {
  for (const { language, code } of Object.values(snippets).flat()) {
    if (language === 'js')
      expect(() => new Function(`return async () => {\n${code}\n};`), code).not.toThrow();
    expect(code).not.toMatch(/[ \t]+\n|^\n|\n$/);
    expect(code).not.toBe('');
  }
});

test('every rule has an id of its own, words, and a fix or a reason to have none', () => {
  const ids = rules.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const { id, title, explanation, fixes, suppresses = [] } of rules) {
    expect(id).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
    expect(title, id).toMatch(/^[A-Z][^.]*$/);
    expect(explanation, id).toMatch(/[.:})]$/);
    expect(fixes.length, id).toBeGreaterThan(0);
    expect(
      suppresses.filter((other) => !ids.includes(other)),
      id,
    ).toEqual([]);
  }
});
