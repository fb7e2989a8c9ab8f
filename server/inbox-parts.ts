// The inboxes, and what the other parts are given of them.
import { MailscopeError } from '../shared/errors.ts';
import type { CountedInbox } from '../shared/inbox.ts';
import { defaultInbox } from '../shared/inbox-name.ts';
import { ofInbox } from '../shared/inbox-view.ts';
import type { Config } from './config/read-config.ts';
import type { Inboxes } from './inbox/inboxes.ts';
import { startInboxLife } from './inbox/life.ts';
import { openInboxes } from './inbox/open-inboxes.ts';
import { createPlacing, type Placing } from './inbox/placing.ts';
import { tokenPrefix } from './inbox/secrets.ts';
import type { Grant } from './inbox/tokens.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';

/** As the web server asks for it. */
interface Access {
  grants: {
    /** Nobody is let in without a password or token. */
    readonly isClosed: boolean;
    find(token: string): Grant | undefined;
    /** It can be nothing else than a token of Mailscope. */
    looksLikeToken(text: string): boolean;
    readonly password: Config['password'];
  };
  inboxes: {
    list(): Promise<CountedInbox[]>;
    read(name: string): Promise<CountedInbox>;
    /** Throws not_found. */
    sinceSeq(name: string): number;
    create: Inboxes['create'];
    change: Inboxes['change'];
    remove(name: string): Promise<number>;
    tokens: Pick<Inboxes['tokens'], 'list' | 'create' | 'delete'>;
  };
}

export async function openInboxParts(
  store: Store,
  config: Config,
  log: Log,
): Promise<{ inboxes: Inboxes; placing: Placing; access: Access; life: AsyncDisposable }> {
  const inboxes = await openInboxes(store.inboxes, {
    inboxes: config.inboxes,
    tokens: config.tokens,
    users: new Map(config.auth.users.map(({ name, password }) => [name, password])),
  });
  const counted = async (name?: string): Promise<CountedInbox[]> => {
    const counts = await store.inboxes.countInboxes();
    return inboxes
      .list()
      .filter((inbox) => name === undefined || inbox.name === name)
      .map((inbox) => ({
        ...inbox,
        ...(ofInbox(counts, inbox.name) ?? { messages: 0, unread: 0, sessions: 0 }),
      }));
  };
  return {
    inboxes,
    placing: createPlacing(inboxes),
    life: startInboxLife({ inboxes, store: store.inboxes, log }),
    access: {
      grants: {
        isClosed: config.tokens.length > 0 || config.password !== null,
        password: config.password,
        find: (token) => inboxes.tokens.find(token),
        looksLikeToken: (text) => text.startsWith(tokenPrefix),
      },
      inboxes: {
        list: () => counted(),
        async read(name) {
          inboxes.find(name);
          const [found] = await counted(name);
          if (found) return found;
          throw new MailscopeError('not_found', `There is no inbox ${name}.`);
        },
        sinceSeq: (name) => (name === defaultInbox ? 0 : inboxes.find(name).sinceSeq),
        create: (input) => inboxes.create(input),
        change: (name, changes) => inboxes.change(name, changes),
        remove: (name) => inboxes.remove(name, 'request'),
        tokens: inboxes.tokens,
      },
    },
  };
}
