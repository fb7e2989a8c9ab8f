// Every client that Connect has settings for, in the order of its list.
import { curl, msmtp, openssl, swaks } from './command-line.ts';
import { go, lettre, mailKit, springBoot, swoosh } from './compiled.ts';
import { nodemailer } from './node.ts';
import { laravel, phpMail, symfony, wordpress } from './php.ts';
import { django, flask, smtplib } from './python.ts';
import { rails } from './ruby.ts';
import { actions, compose, postfix } from './servers.ts';
import type { Group, Snippet } from './snippet.ts';

export const groups: readonly Group[] = ['Languages', 'Frameworks', 'Command line', 'Servers and pipelines'];

export const snippets: readonly Snippet[] = [
  nodemailer,
  smtplib,
  phpMail,
  go,
  mailKit,
  lettre,
  laravel,
  symfony,
  django,
  flask,
  rails,
  springBoot,
  wordpress,
  swoosh,
  swaks,
  curl,
  msmtp,
  openssl,
  postfix,
  compose,
  actions,
];
