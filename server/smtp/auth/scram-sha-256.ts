// SCRAM-SHA-256 (RFC 5802, RFC 7677). Both sides prove that they know the password, so "any login" cannot be had.
import { askClient, describeClient, readFirstResponse, refuseResponse } from './answer.ts';
import type { Accounts, AuthVerdict, Mechanism } from './exchange.ts';
import { isScramProof, saslPrep, scramKeys, scramServerSignature } from './scram-keys.ts';
import type { ScramKeys } from './scram-keys.ts';
import { parseSaslName, parseUserName } from './user-name.ts';
import { accepted, malformed, rejected } from './verdict.ts';

/** RFC 7677 §4: at least 4096. */
const iterations = 4096;

interface ClientFirst {
  gs2Header: string;
  bare: string;
  user: string;
  authorizationId: string | null;
  nonce: string;
}

// gs2-cbind-flag , [a=authzid] , n=user , r=nonce [, extensions]
const clientFirstMessage =
  /^((n|y|p=[A-Za-z0-9.-]+),(?:a=([^,]+))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/;
const clientFinalMessage =
  /^(c=([A-Za-z0-9+/]+=*),r=([\x21-\x2b\x2d-\x7e]+)(?:,[^p].*)?),p=([A-Za-z0-9+/]{43}=)$/;

export const scramSha256: Mechanism = async (exchange, accounts, random) => {
  const opening = await readFirstResponse(exchange, 'client-first-message');
  if (opening.verdict) return opening.verdict;
  const first = parseClientFirst(opening.bytes);
  if (typeof first === 'string') return refuseResponse(exchange, 'client-first-message', first);
  const { user, authorizationId } = first;
  const known = { user, authorizationId };
  const clientFacts = {
    user,
    nonce: first.nonce,
    ...(authorizationId && { 'authorization id': authorizationId }),
  };
  const binding = first.gs2Header.startsWith('p')
    ? 'Channel binding was asked for, but is not offered'
    : null;
  describeClient(exchange, 'client-first-message', clientFacts, binding);
  if (binding) return rejected(`${binding}.`, known);

  // An unknown user gets a challenge as well, as RFC 5802 §5.1 has it against guessing of names.
  const salt = random(16);
  const nonce = first.nonce + random(18).toString('base64');
  const text = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
  const decoded = { nonce, salt: salt.toString('hex'), iterations: String(iterations) };
  const closing = await askClient(
    exchange,
    { text, what: 'server-first-message', decoded },
    'client-final-message',
  );
  if (closing.verdict) return { ...closing.verdict, ...known };

  const final = clientFinalMessage.exec(closing.bytes.toString('latin1'));
  if (!final) {
    const problem = 'Malformed SCRAM client-final-message, expected c=,r=,p=';
    return refuseResponse(exchange, 'client-final-message', problem, known);
  }
  const [, withoutProof = '', channel = '', nonceBack = '', proof = ''] = final;
  describeClient(exchange, 'client-final-message', { nonce: nonceBack });
  if (nonceBack !== nonce) return rejected('The client did not send back the nonce of this exchange.', known);
  if (channel !== Buffer.from(first.gs2Header, 'latin1').toString('base64')) {
    return rejected('The channel binding (c=) does not repeat the header of the first message.', known);
  }

  const authMessage = Buffer.from(`${first.bare},${text},${withoutProof}`, 'latin1');
  const candidates = await deriveKeys(accounts.password(user), salt);
  const keys = candidates.find((one) => isScramProof(one, authMessage, Buffer.from(proof, 'base64')));
  if (!keys) return rejected(explainMismatch(accounts, user), known);
  if (authorizationId && authorizationId !== user && !accounts.any) {
    return rejected(`The proof is right, but ${user} may not act as ${authorizationId}.`, known);
  }

  // RFC 4954 §4: 235 carries no data, so the server's proof goes in a challenge with an empty answer.
  const signature = `v=${scramServerSignature(keys, authMessage).toString('base64')}`;
  const last = { text: signature, what: 'server-final-message', decoded: {} };
  const acknowledgement = await askClient(exchange, last, 'acknowledgement');
  if (acknowledgement.verdict) return { ...acknowledgement.verdict, ...known };
  const surplus =
    acknowledgement.bytes.length > 0 ? 'The answer to the server-final-message is not empty' : null;
  describeClient(exchange, 'acknowledgement', {}, surplus);
  return surplus ? malformed(surplus, known) : accepted('The proof is right.', { ...known, user });
};

function parseClientFirst(bytes: Buffer): ClientFirst | string {
  // AuthMessage is made of the bytes as sent, so the text stays latin1 until it is hashed.
  const found = clientFirstMessage.exec(bytes.toString('latin1'));
  if (!found) return 'Malformed SCRAM client-first-message, expected n,,n=USER,r=NONCE';
  const [, gs2Header = '', , authzid = '', bare = '', name = '', nonce = ''] = found;
  const user = parseSaslName(name);
  const id = parseSaslName(authzid);
  if (user === undefined || id === undefined) return 'Malformed SCRAM name: "=" is not written =3D';
  const userName = parseUserName(Buffer.from(user, 'latin1'));
  if (userName.problem !== null) return userName.problem;
  const idName = parseUserName(Buffer.from(id, 'latin1'));
  if (idName.problem !== null) return idName.problem.replace('user name', 'authorization id');
  return { gs2Header, bare, user: userName.user, authorizationId: idName.user || null, nonce };
}

/** Clients should prepare the password (RFC 5802 §5.1), many send it as it is; both are right. */
function deriveKeys(password: string | undefined, salt: Buffer): Promise<ScramKeys[]> {
  if (password === undefined) return Promise.resolve([]);
  const forms = new Set([saslPrep(password), password]);
  return Promise.all([...forms].map((form) => scramKeys(form, salt, iterations)));
}

function explainMismatch(accounts: Accounts, user: string): AuthVerdict['reason'] {
  if (accounts.password(user) !== undefined) return 'The proof was made with another password.';
  const none = `There is no user ${JSON.stringify(user)}`;
  if (!accounts.any) return `${none}.`;
  return `${none}. Any login is accepted here, but SCRAM needs a password that the server knows too.`;
}
