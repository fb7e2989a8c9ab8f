// Whether the page has to ask for a password first. The server is asked at the start; a call that is refused for want
// of a login says so too. While the live connection is lost it is tried, because a restart ends all logins.
import type { Client } from './client.ts';

type Calls = Pick<Client, 'readLogin' | 'logIn' | 'logOut'>;
const retryMs = 2000;

export class Login {
  /** The page shows the form and nothing else. */
  isNeeded = $state(false);
  /** Logged in by the form, so that there is something to log out of. */
  isIn = $state(false);
  /** There is a password; otherwise only tokens are taken. */
  hasPassword = $state(true);

  readonly #calls: Calls;
  #isLost = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  async check(): Promise<void> {
    try {
      const { allowed, password, loggedIn } = await this.#calls.readLogin();
      this.hasPassword = password;
      this.isIn = loggedIn;
      this.isNeeded = !allowed;
    } catch {
      // Nobody answers; the page says so already.
    }
  }

  /** A call was answered 401. */
  refused(): void {
    if (this.isNeeded) return;
    this.isNeeded = true;
    // It may be another server than at the start.
    void this.#calls
      .readLogin()
      .then(({ password }) => (this.hasPassword = password))
      .catch(() => undefined);
  }

  /** Tries the call as long as the connection is lost. */
  watch(isLost: boolean, call: () => Promise<unknown>): void {
    this.#isLost = isLost;
    this.#tryLater(call);
  }

  /** Throws MailscopeError. */
  async enter(password: string): Promise<void> {
    await this.#calls.logIn({ body: { password } });
  }

  async leave(): Promise<void> {
    await this.#calls.logOut();
  }

  #tryLater(call: () => Promise<unknown>): void {
    clearTimeout(this.#timer);
    if (!this.#isLost || this.isNeeded) return;
    this.#timer = setTimeout(() => void call().finally(() => this.#tryLater(call)), retryMs);
  }
}
