// Microsoft 365, Outlook.com and Exchange. The name of the server in brackets is one for all.
import type { FaultPreset } from '../fault.ts';
import { hangUp, refuse } from './refuse.ts';

const host = '[AM7EUR06FT043.eop-eur06.prod.protection.outlook.com]';

export const microsoft: readonly FaultPreset[] = [
  {
    name: 'microsoft/recipient-not-found',
    title: 'Microsoft 365: recipient not found',
    text: 'There is no such address. Do not try again.',
    ...refuse(
      'rcpt',
      550,
      '5.1.10',
      'RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup',
    ),
  },
  {
    name: 'microsoft/access-denied',
    title: 'Microsoft 365: recipient address rejected',
    text: 'There is no such address, as its directory knows already at the border. Do not try again.',
    ...refuse('rcpt', 550, '5.4.1', `Recipient address rejected: Access denied. AS(201806281) ${host}`),
  },
  {
    name: 'microsoft/mailbox-unavailable',
    title: 'Outlook.com: mailbox unavailable',
    text: 'There is no such mailbox. Do not try again.',
    ...refuse('rcpt', 550, '5.5.0', `Requested action not taken: mailbox unavailable. ${host}`),
  },
  {
    name: 'microsoft/mailbox-full',
    title: 'Microsoft 365: mailbox full',
    text: 'The recipient has no room left. Permanent by its code, and yet worth another try some days later.',
    ...refuse(
      'message',
      554,
      '5.2.2',
      "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded; Failed to process message due to a permanent exception with message [BeginDiagnosticData]Mailbox '{rcpt}' is full[EndDiagnosticData]",
    ),
  },
  {
    name: 'microsoft/smtp-auth-disabled',
    title: 'Microsoft 365: SMTP login is off',
    text: 'The password is not the problem: an administrator must allow authenticated SMTP, or use OAuth.',
    ...refuse(
      'auth',
      535,
      '5.7.139',
      `Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. ${host}`,
    ),
  },
  {
    name: 'microsoft/basic-auth-disabled',
    title: 'Microsoft 365: no login by password',
    text: 'Use XOAUTH2 in place of the password.',
    ...refuse(
      'auth',
      535,
      '5.7.139',
      `Authentication unsuccessful, basic authentication is disabled. ${host}`,
    ),
  },
  {
    name: 'microsoft/wrong-password',
    title: 'Microsoft 365: login failed',
    text: 'User name, password or token are wrong.',
    ...refuse('auth', 535, '5.7.3', `Authentication unsuccessful ${host}`),
  },
  {
    name: 'microsoft/not-authenticated',
    title: 'Microsoft 365: login required',
    text: 'Use STARTTLS and AUTH before MAIL FROM. Here it is refused behind both, too.',
    ...refuse(
      'mail',
      530,
      '5.7.57',
      `Client not authenticated to send mail. Error: 535 5.7.3 Authentication unsuccessful ${host}`,
    ),
  },
  {
    name: 'microsoft/send-as-denied',
    title: 'Microsoft 365: may not send as this sender',
    text: 'Send from the address of the account, or have SendAs allowed.',
    ...refuse(
      'message',
      554,
      '5.2.252',
      'SendAsDenied; client not allowed to send as {from}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message Cannot submit message.',
    ),
  },
  {
    name: 'microsoft/concurrent-connections',
    title: 'Microsoft 365: too many connections',
    text: 'Three at a time. Try again later, with fewer.',
    ...refuse(
      'message',
      432,
      '4.3.2',
      `Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information. ${host}`,
    ),
  },
  {
    name: 'microsoft/daily-limit',
    title: 'Microsoft 365: daily limit of recipients',
    text: 'Try again tomorrow.',
    ...refuse(
      'message',
      550,
      '5.1.90',
      "Your message can't be sent because you've reached your daily limit for message recipients",
    ),
  },
  {
    name: 'microsoft/bad-outbound-sender',
    title: 'Microsoft 365: account blocked',
    text: 'It has sent too much or spam. Find out why before an administrator unblocks it.',
    ...refuse('message', 550, '5.1.8', `Access denied, bad outbound sender AS(42004) ${host}`),
  },
  {
    name: 'microsoft/recipient-hour-limit',
    title: 'Microsoft 365: recipient gets too much',
    text: 'More than a mailbox may receive in an hour. Try again later, for all that the code says.',
    ...refuse(
      'message',
      550,
      '5.2.121',
      "Recipient's per hour message receive limit from specific sender exceeded.",
    ),
  },
  {
    name: 'microsoft/dmarc-reject',
    title: 'Microsoft 365: DMARC',
    text: 'Neither SPF nor DKIM is for the domain in From, and its policy is to refuse such mail.',
    ...refuse(
      'message',
      550,
      '5.7.509',
      `Access denied, sending domain {domain} does not pass DMARC verification and has a DMARC policy of reject. ${host}`,
    ),
  },
  {
    name: 'microsoft/authentication-level',
    title: 'Outlook.com: SPF, DKIM and DMARC required',
    text: 'Who sends much needs all three.',
    ...refuse(
      'message',
      550,
      '5.7.515',
      `Access denied, sending domain {domain} does not meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. To learn how to fix this see: https://go.microsoft.com/fwlink/p/?linkid=2319303 ${host}`,
    ),
  },
  {
    name: 'microsoft/blocklist',
    title: 'Outlook.com: network on the block list',
    text: 'The address of the client, or those around it. Ask for it to be taken off.',
    ...refuse(
      'mail',
      550,
      '5.7.1',
      `Unfortunately, messages from [{ip}] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. ${host}`,
    ),
  },
  {
    name: 'microsoft/ip-reputation',
    title: 'Outlook.com: slowed down by reputation',
    text: 'Try again later, slower, from an address that has sent before.',
    ...refuse(
      'mail',
      451,
      '4.7.650',
      `The mail server [{ip}] has been temporarily rate limited due to IP reputation. For e-mail delivery information, see https://postmaster.live.com (S775) ${host}`,
    ),
  },
  {
    name: 'microsoft/banned-ip',
    title: 'Microsoft 365: banned address',
    text: 'Ask for it to be taken off at sender.office.com.',
    ...refuse(
      'mail',
      550,
      '5.7.606',
      `Access denied, banned sending IP [{ip}]. To request removal from this list please visit https://sender.office.com/ and follow the directions. For more information please go to  http://go.microsoft.com/fwlink/?LinkID=526655 AS(1430) ${host}`,
    ),
  },
  {
    name: 'microsoft/server-busy',
    title: 'Microsoft 365: server busy',
    text: 'Mostly because they do not know the sender yet. Try again later.',
    ...refuse('mail', 451, '4.7.500', `Server busy. Please try again later from [{ip}]. (AS761) ${host}`),
  },
  {
    name: 'microsoft/spf',
    title: 'Microsoft 365: SPF',
    text: 'Add the address of the client to the SPF record.',
    ...refuse(
      'message',
      550,
      '5.7.23',
      `The message was rejected because of Sender Policy Framework violation -> 550 5.7.23 SPF validation failed ${host}`,
    ),
  },
  {
    name: 'microsoft/not-rfc5322',
    title: 'Microsoft 365: no valid From',
    text: 'Give the message a From with one address.',
    ...refuse(
      'message',
      550,
      '5.7.512',
      `Access denied, message must be RFC 5322 section 3.6.2 compliant, message must include a valid From address ${host}`,
    ),
  },
  {
    name: 'microsoft/relay-denied',
    title: 'Microsoft 365: relay denied',
    text: 'The domain of the recipient is none of that organisation. Log in first.',
    ...refuse('rcpt', 550, '5.7.64', `TenantAttribution; Relay Access Denied ${host}`),
  },
  {
    name: 'microsoft/restricted-group',
    title: 'Microsoft 365: only for members',
    text: 'The group takes mail from its own organisation alone.',
    ...refuse(
      'message',
      550,
      '5.7.133',
      'RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group',
    ),
  },
  {
    name: 'microsoft/hop-count',
    title: 'Microsoft 365: mail loop',
    text: 'Look for a forwarding that leads back.',
    ...refuse('message', 554, '5.4.14', 'Hop count exceeded - possible mail loop ATTR34'),
  },
  {
    name: 'microsoft/insufficient-resources',
    title: 'Exchange: insufficient resources',
    text: 'The disk or the memory of the server is nearly full. Try again later.',
    ...refuse('mail', 452, '4.3.1', 'Insufficient system resources'),
  },
  {
    name: 'microsoft/not-available',
    title: 'Exchange: service not available',
    text: 'Try again later.',
    ...hangUp('connect', 421, '4.3.2', 'Service not available'),
  },
];
