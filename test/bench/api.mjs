// What the bench asks the servers over HTTP, on one kept connection.
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

export function getJson(url) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: 30_000 }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(parts).toString();
        if (response.statusCode !== 200)
          reject(new Error(`${url} answered ${response.statusCode}: ${body.slice(0, 200)}`));
        else resolve(JSON.parse(body));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${url} did not answer within 30 s`)));
    request.on('error', reject);
  });
}

/** The newest rows of a server's list. */
export async function newestRows({ name, http }) {
  const list = await getJson(
    `${http}${name === 'maildev' ? '/api/email/summary?limit=1' : '/api/messages?limit=1'}`,
  );
  return list.items;
}

/** Milliseconds until the newest message of a Mailscope is parsed, which is the last; null when it took too long. */
export async function waitForParse(http, timeoutMs) {
  const startedAt = performance.now();
  while (performance.now() - startedAt < timeoutMs) {
    const [newest] = (await getJson(`${http}/api/messages?limit=1`)).items;
    if (newest?.parse !== 'pending') return performance.now() - startedAt;
    await delay(50);
  }
  return null;
}

export const closeApi = () => agent.destroy();
