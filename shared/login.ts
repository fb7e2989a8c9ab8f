// Logging in from the page.
import * as z from 'zod';

export const login = z
  .object({
    needed: z.boolean().describe('Nothing is answered without a password or token.'),
    password: z.boolean().describe('There is a password; otherwise only tokens are taken.'),
    allowed: z
      .boolean()
      .describe('The request itself would be answered elsewhere too, by whatever it brings.'),
    loggedIn: z.boolean().describe('The cookie of the request is that of a login.'),
  })
  .meta({ id: 'Login' });
export type Login = z.infer<typeof login>;

const loginInput = z.strictObject({
  password: z.string().min(1).max(4096).describe('The password, or a token.'),
});

export const loginCalls = {
  readLogin: {
    summary: 'Whether a login is needed, and whether the cookie of the request is that of one',
    response: login,
  },
  logIn: {
    summary:
      'Log in with the password or a token: the answer sets a cookie; programs send the header instead',
    body: loginInput,
    response: login,
  },
  logOut: { summary: 'End the login of the cookie', response: login },
} as const;
