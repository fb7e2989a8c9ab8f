// What a call is given is taken as it is written, or refused with what is wrong.
import { expect, test } from 'vitest';
import { errorBody } from '../../shared/error-body.ts';
import { startTestHttp } from './support.ts';

async function refusalOf(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, { headers: { 'Content-Type': 'application/json' }, ...init });
  const { error } = errorBody.parse(await answer.json());
  expect([url, answer.status, error.code]).toEqual([url, 400, 'invalid_request']);
  return error.message;
}

test('a number is digits, whatever else Number() would take', async () => {
  await using http = await startTestHttp();
  for (const call of ['/api/messages?limit=', '/api/events?limit=', '/api/sessions/wait?count=']) {
    for (const text of ['0x10', '1e1', '%2B1', '%201', '0b1', 'Infinity', ''])
      expect(await refusalOf(http.url + call + text)).toMatch(/^query\.(limit|count): must be a number$/);
    expect(await refusalOf(`${http.url}${call}1.5`)).toMatch(/: must be a whole number$/);
    expect(await refusalOf(`${http.url}${call}-1`)).toMatch(/expected number to be >=1$/);
  }
  expect((await fetch(`${http.url}/api/messages?limit=10`)).status).toBe(200);
});

test('a change that names nothing to change is refused', async () => {
  await using http = await startTestHttp();
  http.fake.addMessage('m_1', 'Subject: x\r\n\r\n');
  const update = { method: 'POST', body: '{"all":true}' };
  expect(await refusalOf(`${http.url}/api/messages/update`, update)).toBe(
    'body: needs one of read, pinned, tags, addTags, removeTags',
  );
  const one = { method: 'PATCH', body: '{}' };
  expect(await refusalOf(`${http.url}/api/messages/m_1`, one)).toBe('body: needs one of read, pinned, tags');
});
