// Gmail and Google Workspace as a server that mail is handed in at (smtp.gmail.com, smtp-relay.gmail.com).
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

const end = '98e67ed59e1d1-2f1a3c4b5d6sm123456a91.42 - gsmtp';

export const gmailLogin: readonly FaultPreset[] = [
  {
    name: 'gmail/bad-credentials',
    title: 'Gmail: password not accepted',
    text: 'Use an app password, or XOAUTH2: the password of the account itself does not work here.',
    ...refuse(
      'auth',
      535,
      '5.7.8',
      'Username and Password not accepted. For more information, go to',
      ` https://support.google.com/mail/?p=BadCredentials ${end}`,
    ),
  },
  {
    name: 'gmail/app-password',
    title: 'Gmail: app password required',
    text: 'The account has two-step verification. Make an app password and use that.',
    ...refuse(
      'auth',
      534,
      '5.7.9',
      'Application-specific password required. For more information, go to',
      ` https://support.google.com/mail/?p=InvalidSecondFactor ${end}`,
    ),
  },
  {
    name: 'gmail/web-login',
    title: 'Gmail: log in with a browser first',
    text: 'The login looked unusual. The owner must confirm it in a browser.',
    ...refuse(
      'auth',
      534,
      '5.7.14',
      '<https://accounts.google.com/signin/continue?sarp=1&scc=1&plt=AKgnsbt>',
      'Please log in via your web browser and then try again.',
      ' Learn more at',
      ` https://support.google.com/mail/answer/78754 ${end}`,
    ),
  },
  {
    name: 'gmail/too-many-logins',
    title: 'Gmail: too many logins',
    text: 'Wait, and log in less often: one connection can carry many messages.',
    ...refuse(
      'auth',
      454,
      '4.7.0',
      'Too many login attempts, please try again later. For more information, go to',
      ` https://support.google.com/mail/answer/7126229 ${end}`,
    ),
  },
  {
    name: 'gmail/auth-required',
    title: 'Gmail: login required',
    text: 'Use AUTH before MAIL FROM. Here it is refused behind a login, too.',
    ...refuse(
      'mail',
      530,
      '5.7.0',
      'Authentication Required. For more information, go to',
      ` https://support.google.com/mail/?p=WantAuthError ${end}`,
    ),
  },
  {
    name: 'gmail/starttls-first',
    title: 'Gmail: STARTTLS first',
    text: 'Use STARTTLS before MAIL FROM. Here it is refused behind STARTTLS, too.',
    ...refuse(
      'mail',
      530,
      '5.7.0',
      'Must issue a STARTTLS command first. For more information, go to',
      ` https://support.google.com/a/answer/3221692 ${end}`,
    ),
  },
  {
    name: 'gmail/daily-limit',
    title: 'Gmail: daily limit',
    text: 'The account has sent as much as it may in a day. Try again tomorrow.',
    ...refuse(
      'message',
      550,
      '5.4.5',
      'Daily user sending limit exceeded. For more information on Gmail',
      'sending limits go to',
      ` https://support.google.com/a/answer/166852 ${end}`,
    ),
  },
  {
    name: 'gmail/relay-denied',
    title: 'Google Workspace: relay denied',
    text: 'The address of the client is not registered for the relay service of the Workspace.',
    ...refuse(
      'message',
      550,
      '5.7.0',
      'Mail relay denied [{ip}]. Invalid credentials for relay for',
      'one of the domains in: {domain} (as obtained from HELO and',
      "MAIL FROM). Email is being sent from a domain or IP address which isn't",
      'registered in your Workspace account. For more information, go to',
      ` https://support.google.com/a/answer/6140680#maildenied ${end}`,
    ),
  },
  {
    name: 'gmail/try-later',
    title: 'Gmail: try again later',
    text: 'The relay service refuses at EHLO, often because the client calls itself localhost.',
    ...hangUp('ehlo', 421, '4.7.0', `Try again later, closing connection. (EHLO) ${end}`),
  },
  {
    name: 'gmail/temporary',
    title: 'Gmail: temporary problem',
    text: 'Their side. Try again later.',
    ...hangUp('mail', 421, '4.3.0', `Temporary System Problem.  Try again later. ${end}`),
  },
];
