// A list of snippets, written as client and code. The names are those of shared/explain/client-marks.ts, and of
// clients that cannot be told on the wire.
import type { FixSnippet } from '../../finding.ts';

const languages = {
  nodemailer: 'js',
  emailjs: 'js',
  'Python smtplib': 'python',
  Django: 'python',
  PHPMailer: 'php',
  WordPress: 'php',
  'Symfony Mailer or Laravel': 'ini',
  'Ruby mail or ActionMailer': 'ruby',
  'Go net/smtp': 'go',
  'Jakarta Mail': 'java',
  Spring: 'ini',
  MailKit: 'csharp',
  'System.Net.Mail': 'csharp',
  lettre: 'rust',
  Postfix: 'ini',
  msmtp: 'ini',
  curl: 'sh',
  swaks: 'sh',
} as const;
export type SnippetClient = keyof typeof languages;

/** A pair where it is not in the language of the client, such as a command. */
type Code = string | readonly [language: string, code: string];

export const byClient = (codes: Partial<Record<SnippetClient, Code>>): FixSnippet[] =>
  Object.entries(codes).map(([client, given]) => {
    const [language, code] = typeof given === 'string' ? [languages[client as SnippetClient], given] : given;
    return { client, language, code: code.trim() };
  });
