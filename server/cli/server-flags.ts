// Which running Mailscope a command asks, and by what right: flags of all commands that use the API, and its client.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { Option as Flag } from 'commander';
import { connect, type Client } from '../../shared/client/client.ts';
import { certFolderOf } from '../config/folders.ts';
import { UsageError } from '../config/usage-error.ts';
import { fetchWith } from '../own-fetch.ts';

export interface ServerOptions {
  url: string;
  token?: string;
  password?: string;
}

function checkUrl(url: string): string {
  if (/^https?:\/\/[^\s/]+(?:\/|$)/.test(url) && URL.canParse(url)) return url;
  throw new UsageError(
    `${url === process.env.MAILSCOPE_URL ? 'MAILSCOPE_URL' : '--url'} "${url.slice(0, 200)}" cannot be used.`,
    'It is no address of a web server.',
    'Write it as http://127.0.0.1:8025.',
  );
}

export function urlFlag(): Flag {
  const flag = new Flag('--url <url>', 'Where Mailscope is.')
    .default('http://127.0.0.1:8025')
    .argParser(checkUrl);
  // Empty is as good as not set, as with all settings.
  return process.env.MAILSCOPE_URL === '' ? flag : flag.env('MAILSCOPE_URL');
}
export const tokenFlag = (): Flag =>
  new Flag('--token <token>', 'A token, where one is needed.').env('MAILSCOPE_TOKEN');
export const passwordFlag = (): Flag =>
  new Flag(
    '--password <password>',
    'The password, where one is needed. Other users of the machine see flags, and no variables.',
  ).env('MAILSCOPE_PASSWORD');

/** The variable may be that of the server, with several tokens and what each may do. */
const firstToken = (token: string | undefined): string | undefined =>
  token
    ?.split(',')[0]
    ?.trim()
    .replace(/^(read|write):/, '') || undefined;

/** What Node trusts, and the local CA, where there is one on this machine. */
function trusted(env: Record<string, string | undefined>): string[] {
  const folder = certFolderOf(env);
  const files = [env.NODE_EXTRA_CA_CERTS, folder === null ? undefined : join(folder, 'ca.pem')];
  return files
    .filter((file) => file !== undefined && existsSync(file))
    .map((file) => readFileSync(file!, 'utf8'));
}

export function connectTo(
  { url, token, password }: ServerOptions,
  more: { inbox?: string | undefined } = {},
): Client {
  const first = firstToken(token);
  return connect(url, {
    ...(url.startsWith('https:')
      ? { fetch: fetchWith({ ca: [...rootCertificates, ...trusted(process.env)] }) }
      : {}),
    ...(first === undefined ? {} : { token: first }),
    ...(password ? { password } : {}),
    ...(more.inbox === undefined ? {} : { inbox: more.inbox }),
  });
}
