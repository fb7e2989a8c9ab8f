// A thousand random operations over the API and SMTP: at each step lists, searches, counts and inboxes are those of a
// plain model that does the same in memory.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idIn, temporaryFolder } from '../process/mailscope.ts';
import { createRandom, type Random } from '../search/random.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';
import { createModel, type Mail, type Model } from './mail-model.ts';

const operations = 1000;
const most = 40;
const words = ['apple', 'birch', 'cedar', 'dune'];
const tags = ['red', 'green', 'blue'];
const inboxes = ['first', 'second'];
const addresses = ['bob@else.test', 'first@in.test', 'second@in.test'];
const patience = { timeout: 30_000, interval: 40 };

/** A search, and what it means. */
function randomSearch(random: Random): { text: string; finds(mail: Mail): boolean } {
  const [word, tag, address] = [random.pick(words), random.pick(tags), random.pick(addresses)];
  const one = random.pick<{ text: string; finds(mail: Mail): boolean }>([
    { text: word, finds: (mail) => mail.words.includes(word) },
    { text: `subject:${word}`, finds: (mail) => mail.words[0] === word },
    { text: 'is:unread', finds: (mail) => !mail.read },
    { text: 'is:pinned', finds: (mail) => mail.pinned },
    { text: `tag:${tag}`, finds: (mail) => mail.tags.has(tag) },
    { text: `to:${address}`, finds: (mail) => mail.to.includes(address) },
  ]);
  if (random.chance(0.4)) return one;
  if (random.chance(0.3)) return { text: `-${one.text}`, finds: (mail) => !one.finds(mail) };
  const other = randomSearch(random);
  return random.chance(0.5)
    ? { text: `(${one.text}) (${other.text})`, finds: (mail) => one.finds(mail) && other.finds(mail) }
    : { text: `(${one.text}) OR (${other.text})`, finds: (mail) => one.finds(mail) || other.finds(mail) };
}

/** By ids, by a search, or all: as a body has it, and what it means. */
function randomSelection(random: Random, { live }: Model) {
  if (random.chance(0.7)) {
    const ids = [...new Set(Array.from({ length: 1 + random.below(4) }, () => random.pick(live()).id))];
    return { body: { ids }, finds: ({ id }: Mail) => ids.includes(id) };
  }
  if (random.chance(0.1)) return { body: { all: true as const }, finds: () => true };
  const { text, finds } = randomSearch(random);
  return { body: { query: text }, finds };
}

async function send({ wire }: TestSandbox, random: Random, model: Model): Promise<void> {
  await using connection = await wire();
  await connection.hello();
  for (let more = 1 + random.below(3); more > 0; more--) {
    const mailWords = [random.pick(words), random.pick(words)];
    const to = addresses.filter(() => random.chance(0.5));
    if (to.length === 0) to.push(addresses[0]!);
    const text = `To: ${to.join(', ')}\r\nSubject: ${mailWords[0]}\r\n\r\n${mailWords[1]}\r\n`;
    const id = idIn(await connection.mail(text, 'ann@else.test', to));
    const taken = inboxes.filter((name) => to.includes(`${name}@in.test`));
    model.store({ id, to, words: mailWords, inboxes: taken.length > 0 ? taken : ['default'] });
  }
  await connection.say('QUIT');
}

/** Does something, after it has noted what. */
async function operate(
  sandbox: TestSandbox,
  random: Random,
  model: Model,
  note: (what: string) => void,
): Promise<void> {
  const { client } = sandbox;
  const dice = random.below(100);
  if (dice < 30 || model.live().length < 3) {
    note('send');
    return send(sandbox, random, model);
  }
  if (dice < 50) {
    const { body, finds } = randomSelection(random, model);
    const changes = random.pick([
      { read: random.chance(0.7) },
      { pinned: random.chance(0.3) },
      { addTags: [random.pick(tags)] },
      { removeTags: [random.pick(tags)] },
    ]);
    note(`update ${JSON.stringify({ ...body, ...changes })}`);
    await client.updateMessages({ body: { ...body, ...changes } });
    return model.mark(model.live().filter(finds), changes);
  }
  if (dice < 55) {
    const mail = random.pick(model.live());
    const changes = random.pick([{ read: true }, { pinned: !mail.pinned }, { tags: [random.pick(tags)] }]);
    note(`change ${mail.id} ${JSON.stringify(changes)}`);
    await client.changeMessage({ params: { id: mail.id }, body: changes });
    return model.mark([mail], changes);
  }
  if (dice < 75) {
    const { body, finds } = randomSelection(random, model);
    // For good also what can still be taken back goes; there are moments in which nobody can say whether it can.
    const purge = random.chance(0.3) && model.isCertain();
    note(`delete ${JSON.stringify({ ...body, purge })}`);
    const which = [...model.live(), ...(purge ? model.restorable() : [])].filter(finds);
    const { count } = await client.deleteMessages({ body: { ...body, purge } });
    expect(count).toBe(which.length);
    return model.remove(which, purge);
  }
  if (dice < 85) {
    const back = model.restorable().slice(0, Math.max(0, most - model.live().length));
    if (back.length === 0) return;
    const ids = back.map(({ id }) => id);
    note(`restore ${ids.join()}`);
    const { count } = await client.restoreMessages({ body: { ids } });
    expect(count).toBe(back.length);
    return model.restore(back);
  }
  if (dice < 88) {
    // What is gone for good stays so.
    const [gone] = model.purged().toReversed();
    if (gone === undefined) return;
    note(`restore ${gone.id}, which is gone`);
    await expect(client.readMessage({ params: { id: gone.id } })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await client.restoreMessages({ body: { ids: [gone.id] } })).toEqual({ count: 0 });
    return;
  }
  const { text, finds } = randomSearch(random);
  const inbox = random.pick([undefined, 'default', ...inboxes]);
  note(`search ${text} in ${inbox ?? 'all'}`);
  const expected = model
    .live(inbox)
    .filter(finds)
    .map(({ id }) => id);
  await expect
    .poll(async () => {
      const query = { limit: 500, query: text, ...(inbox === undefined ? {} : { inbox }) };
      return (await client.listMessages({ query })).items.map(({ id }) => id);
    }, patience)
    .toEqual(expected);
}

/** What of the model can be seen, and of the server. */
async function compare({ client }: TestSandbox, model: Model): Promise<void> {
  const seen = async () => {
    const { items } = await client.listMessages({ query: { limit: 500 } });
    const { messages, unread } = await client.readStatus();
    const counted = (await client.listInboxes()).items;
    return {
      items: items.map(({ id, parse, read, pinned, tags: has }) => ({
        id,
        parse,
        read,
        pinned,
        tags: has.toSorted(),
      })),
      messages,
      unread,
      inboxes: Object.fromEntries(counted.map((inbox) => [inbox.name, [inbox.messages, inbox.unread]])),
    };
  };
  const live = model.live();
  const countsOf = (mails: Mail[]): number[] => [mails.length, mails.filter(({ read }) => !read).length];
  await expect.poll(seen, patience).toEqual({
    items: live.map(({ id, read, pinned, tags: has }) => ({
      ...{ id, parse: 'parsed', read, pinned },
      tags: [...has].sort(),
    })),
    messages: live.length,
    unread: countsOf(live)[1],
    inboxes: Object.fromEntries(['default', ...inboxes].map((name) => [name, countsOf(model.live(name))])),
  });
}

test(`after each of ${operations} random operations everything is as in a plain model`, async () => {
  const seed = Number(process.env['TRUST_SEED'] ?? Date.now() % 1e9);
  const random = createRandom(seed);
  await using folder = await temporaryFolder();
  await using sandbox = await startTestSandbox({
    data: join(folder.path, 'data'),
    certDir: join(folder.path, 'ca'),
    maxMessages: String(most),
  });
  for (const name of inboxes)
    await sandbox.client.createInbox({ body: { name, rules: [{ recipient: `${name}@in.test` }] } });
  const model = createModel(most);
  const done: string[] = [];
  try {
    for (let n = 0; n < operations; n++) {
      await operate(sandbox, random, model, (what) => void done.push(what));
      if (done.at(-1) === 'send' || n % 5 === 0) await compare(sandbox, model);
    }
    await compare(sandbox, model);
  } catch (error) {
    throw new Error(`with TRUST_SEED=${seed}, operation ${done.length}: ${done.slice(-5).join('; ')}`, {
      cause: error,
    });
  }
  const kinds = new Set(done.map((one) => one.split(' ', 1)[0]));
  console.log(`seed ${seed}: ${model.stored()} messages, of them ${model.expired()} over the limit`);
  expect([...kinds].sort()).toEqual(
    expect.arrayContaining(['change', 'delete', 'restore', 'search', 'send', 'update']),
  );
  expect(model.stored()).toBeGreaterThan(operations / 4);
  expect(model.expired()).toBeGreaterThan(20);
}, 300_000);
