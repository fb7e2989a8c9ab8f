// One-time passwords: found where the words around a number say so, and nowhere else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findCodes } from '../../server/mail/extract/codes.ts';
import { readHtml } from '../../server/mail/extract/html-content.ts';

const codesIn = (...texts: string[]): string[] => findCodes(texts).map(({ code }) => code);

describe('a code is found', () => {
  test.each([
    ['English, behind its label', 'Your verification code is 482913.', '482913'],
    ['English, before its label', '482913 is your Acme verification code', '482913'],
    ['behind a colon', 'OTP: 7391', '7391'],
    [
      'on a line of its own',
      'Enter this code to sign in:\n\n   904 117\n\nIt expires in 10 minutes.',
      '904117',
    ],
    ['under a verb only', 'Use the following to verify your email address:\n\n482913\n', '482913'],
    ['with a hyphen', 'Your confirmation code is 482-913', '482-913'],
    ['with a letter in front', 'G-482913 is your Google verification code.', 'G-482913'],
    ['of letters and digits', 'Your login code: 7KX92Q', '7KX92Q'],
    ['of letters and digits in groups', 'Security code: ABCD-1234', 'ABCD-1234'],
    ['of letters alone', 'Code: KXQWZP', 'KXQWZP'],
    ['digit by digit', 'Your one-time password\n4 8 2 9 1 3\n', '482913'],
    ['that looks like a year, with a label', 'Your PIN is: 2024', '2024'],
    ['of eight digits', 'Your passcode is 48291375', '48291375'],
    ['German', 'Dein Bestätigungscode lautet 482913.', '482913'],
    ['German, a compound', 'Ihr Zugangscode: 48291', '48291'],
    ['German TAN', 'Ihre TAN ist 482913', '482913'],
    ['French', 'Votre code de vérification est 482913', '482913'],
    ['Spanish', 'Tu código de verificación es 482913', '482913'],
    ['Portuguese', 'O seu código de verificação é: 482913', '482913'],
    ['Italian', 'Il tuo codice di verifica è 482913', '482913'],
    ['Dutch', 'Je verificatiecode is 482913', '482913'],
    ['Polish', 'Twój kod weryfikacyjny to 482913', '482913'],
    ['Russian', 'Ваш код подтверждения: 482913', '482913'],
    ['Turkish', 'Doğrulama kodu: 482913', '482913'],
    ['Swedish', 'Din kod är 482913', '482913'],
    ['Japanese', '認証コード：482913', '482913'],
    ['Japanese, wide digits', '確認コードは４８２９１３です', '482913'],
    ['Chinese', '您的验证码是482913，5分钟内有效', '482913'],
    ['Korean', '인증번호 482913 을 입력하세요', '482913'],
    ['Arabic', 'رمز التحقق: 482913', '482913'],
    ['Finnish, with an ending', 'Vahvistuskoodisi on 482913.', '482913'],
    ['Norwegian, with an ending', 'Bekreftelseskoden er 482913', '482913'],
    [
      'German, behind the number of an account',
      'Die TAN für Ihre Überweisung auf das Konto mit den Endziffern 4711 lautet: 482913.',
      '482913',
    ],
    ['Turkish, before an order', 'Doğrulama kodunuz: 482913\nSipariş no: 99887766', '482913'],
    ['small letters, behind a word more', 'Use the login code directly:\nhx7k-p2qm\n', 'hx7k-p2qm'],
    ['letters and digits, behind a word', 'Your login code is ABCD12', 'ABCD12'],
    ['letters and digits, that the sentence leads to', 'Your code for Acme is: 7KX92Q', '7KX92Q'],
    [
      'letters and digits, below their sentence',
      'Enter this code in the app to go on:\n\n7KX92Q\n',
      '7KX92Q',
    ],
    ['above its sentence', '482913\nEnter this code to verify your email address', '482913'],
    ['above its sentence, which calls it one-time', '482913\n\nThis is your one-time code.', '482913'],
    ['letters and digits, in Italian', 'Il tuo codice per Acme è 7KX92Q', '7KX92Q'],
    ['letters and digits in three groups', 'Activation code: 4F8A-2C9D-77QX', '4F8A-2C9D-77QX'],
    ['a mail of a service with a number in its name', 'Auth0: Your verification code is: 482913', '482913'],
  ])('in %s', (_, text, code) => {
    expect(codesIn(text)).toEqual([code]);
  });

  test.each([
    'Use this code to verify your account:\n\n482913\n',
    'Please use the following code to log in to your\naccount:\n\n482913\n\nThanks',
    'Enter this code to reset the password for your account.\n\n482913',
    'Use this code to confirm your order:\n\n482913',
    'Here is the code to activate your membership:\n482913',
    'Your verification code to access your account is 482913.',
    'Code for your account: 482913',
    'Verwenden Sie diesen Code, um Ihr Konto zu aktivieren:\n\n482913',
    'Usa questo codice per confermare il tuo account:\n\n482913',
    'Gebruik deze code om je account te bevestigen:\n\n482913',
  ])('for an account or an order, which has another number: %j', (text) => {
    expect(codesIn(text)).toEqual(['482913']);
  });

  test.each([
    'Ihr Einmal-Passwort: 482913',
    'Ihr Code für die Zwei-Faktor-Authentifizierung lautet: 482913',
    'mTAN: 482913',
    'Votre mot de passe à usage unique est 482913',
    'Contraseña de un solo uso: 482913',
    'Sua senha de uso único é 482913',
    'La tua password monouso è 482913',
    'Użyj kodu 482913, aby się zalogować',
    'Twoje hasło jednorazowe: 482913',
    'Onay kodu: 482913',
    'Giriş kodunuz 482913',
    'Tek kullanımlık şifreniz: 482913',
    'Bruk koden 482913 for å logge inn',
    'Kertakäyttöinen koodisi: 482913',
    'Az Ön egyszer használatos kódja: 482913',
    'Codul dvs. de verificare este 482913',
    '一次性密码：482913',
    '您的登录码是482913',
    '安全码：482913',
    '일회용 비밀번호: 482913',
    'הקוד שלך: 482913',
    'کد تأیید: ۴۸۲۹۱۳',
  ])('by the words of its language: %s', (text) => {
    expect(codesIn(text)).toEqual(['482913']);
  });

  test('beside the number of an order, which is not one', () => {
    expect(codesIn('Your verification code for order 12345678 is 482913')).toEqual(['482913']);
    expect(codesIn('Order 123456: your code is 887766')).toEqual(['887766']);
  });

  test('in the subject and the text once, with the surer of both', () => {
    const [only, ...rest] = findCodes(['482913 is your code', 'Hi Ann,\n\nYour login code:\n\n482913\n']);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ code: '482913' });
    expect(only!.confidence).toBeGreaterThan(0.9);
  });

  test('in HTML, across cells and emphasis', () => {
    const { text } = readHtml(
      '<style>p{color:#112233}</style><table><tr><td>Your verification code</td></tr><tr><td><b>482</b> <b>913</b></td></tr></table>',
      10,
    );
    expect(codesIn(text)).toEqual(['482913']);
  });

  test('in HTML, each digit in a box of its own', () => {
    const boxes = [...'482913']
      .map((digit) => `<td>\n            ${digit}\n          </td>`)
      .join('\n          ');
    const { text } = readHtml(`<p>Your login code:</p><table><tr>${boxes}</tr></table><p>12:30</p>`, 10);
    expect(codesIn(text)).toEqual(['482913']);
  });

  test('with the line that it stands on', () => {
    expect(findCodes(['Hello\n  Your code   is 482913, https://x.test/1234 \nBye'])[0]?.context).toBe(
      'Your code is 482913, https://x.test/1234',
    );
  });
});

describe('no code is found', () => {
  test.each([
    ['a price', 'Your code review costs $4829 or 1234 EUR or 12.50'],
    ['a date', 'Your verification was done on 2026-01-31, code reviewed 31.12.2026'],
    ['a year', 'If you did not ask for this code, ignore this mail. © 2026 Acme Inc'],
    ['a street and a zip code', 'Your code has been sent.\nAcme Inc, 5480 Main Street, zip code 94105'],
    ['a time', 'The code expires at 12:30 or after 1440 minutes'],
    ['a phone number', 'Your code was sent. Call +1 800 555 1234 or phone 5551234 for help'],
    ['an order', 'Thank you for your order 48291375. Order number: 482913'],
    ['an invoice', 'Invoice #482913 is due'],
    ['a tracking number', 'Your tracking code is 482913'],
    ['a coupon', 'Use code SAVE2026 at checkout for 20% off'],
    ['a slogan', 'The best of 2026. Use code SAVE20 today.'],
    ['an order in other languages', 'Kod: Sipariş no: 99887766, rendelésszám 482913, objednávka 482914'],
    ['an error', 'It failed with error code 5021 and status code 4040'],
    ['an address', 'Confirm the code at https://x.test/verify/482913?code=482913'],
    ['a mail address', 'The code was sent to user482913@x.test'],
    ['a colour', 'the code of the colour is # and then nothing'],
    ['a bar code', 'Der Barcode 482913 und der Rabattcode 482914'],
    ['a number without words', 'There are 482913 stars in the picture'],
    ['a German order', 'Ihre Bestellnummer: 482913'],
    ['a number above an offer', '48291375\n\nUse code SAVE20'],
    ['a French invoice', 'Votre facture 482913'],
    ['an account after a code was sent', 'Enter the code.\n\nYour account number:\n\n482913'],
    ['an order after a sentence on a code', 'Your code is on its way. Order:\n\n482913'],
    ['an order that is to be confirmed', 'Please confirm the order:\n\n48291375\n\nThanks'],
    ['an account on the line below', 'Code and account\nAccount: 482913'],
    ['the code of a program', 'Your code review is ready: PR #4821'],
    ['a date with letters', 'Your code is from: 26-Nov-97'],
  ])('in %s', (_, text) => {
    expect(codesIn(text)).toEqual([]);
  });
});

test('there are never more than 20 codes', () => {
  const text = Array.from({ length: 500 }, (_, i) => `Your code is ${100_000 + i}\n`).join('');
  expect(codesIn(text)).toHaveLength(20);
});

const pieces = fc.constantFrom(
  ...[
    'code ',
    'your code is ',
    '482913',
    ' 123 456',
    '1 2 3 4 ',
    'A1-',
    'verification',
    '验证码',
    'a',
    '-',
    '\n',
  ],
  ...['http://', 'www.', '@', '.', 'order ', '٣', '\ud800', '=?', ' ', 'x'.repeat(50), '1'.repeat(40)],
);
test('any text gives codes of the promised shape', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      for (const { code, context, confidence } of findCodes([parts.join('')])) {
        expect(code).toMatch(/^[A-Za-z0-9\u2010\u2011-]{4,14}$/);
        expect(context.length).toBeLessThanOrEqual(160);
        expect(confidence).toBeGreaterThanOrEqual(0.5);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 500 },
  );
});
