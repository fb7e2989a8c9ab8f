// The words that tell what a number is, in the languages that most mail is written in.

export type Label = 'strong' | 'weak' | 'other';

const list = (words: string): string[] => words.trim().split(/\s+/);

/** What follows is a one-time password. */
const strong = list(`
  otp totp passcode passcodes pin tan verification authentication 2fa mfa
  verifizierung bestätigungscode sicherheitscode verifizierungscode einmalpasswort einmalkennwort einmalcode zugangscode
  vérification authentification authentifizierung verificación autenticación verificação autenticação verifica autenticazione
  verificatie verificatiecode eenmalige beveiligingscode weryfikacyjny weryfikacji jednorazowy
  подтверждения подтверждение проверочный одноразовый підтвердження verifiering verifieringskod engångskod
  bekreftelseskode engangskode bekræftelseskode vahvistuskoodi kertakoodi ověřovací doğrulama ellenőrző xác
  otpcode pincode mtan smstan pushtan phototan chiptan monouso jednorazowe verificare ओटीपी التحقق تایید تأیید`);

/** What follows may be one: the word has other uses too. */
const weak = list(`
  code codes token verify confirm kode koder koden kod kodu kodun kodunuz kodunuzu koodi koodia koodisi koodinne
  kodi kód kódod kódja kódját cod codul cód código codigo clave codice codici
  код кода кодом κωδικός κωδικό קוד הקוד رمز كود کد کوڈ कोड কোড mã şifre şifren şifreniz`);

/** What follows is something else. */
const other = list(`
  order orders invoice receipt reference ref ticket case booking reservation tracking shipment parcel customer
  account contract policy member membership article item sku model version build zip postal postcode postleitzahl plz phone tel
  telephone telefon mobile fax call hotline whatsapp iban bic vat tax street suite floor room flight train gate po box
  bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer kundennummer vorgang vorgangsnummer buchung
  sendung sendungsnummer artikel artikelnummer vertrag vertragsnummer konto kontonummer straße str
  issue commit pr line
  commande facture référence réservation colis client dossier téléphone
  pedido factura reserva referencia cliente teléfono envío fatura encomenda telefone
  ordine fattura prenotazione riferimento spedizione telefono bestelling bestelnummer factuur factuurnummer klantnummer
  zamówienie zamówienia faktura sipariş rendelés rendelésszám objednávka objednávky comandă comenzii
  παραγγελία παραγγελίας הזמנה الطلب طلب pesanan заказ заказа счет счёт телефон amount total betrag summe montant importe importo since copyright`);

/** Before "code": another kind of code. */
const otherCodes = new Set(
  list(`promo promotion promotional coupon discount voucher gift referral invite zip postal post area country dial
    error status source response exit reason http bar qr sort swift bank product item booking tracking order store
    tax dress colour color hex building morse sipariş kupon indirim posta promosyon takip ürün promocional descuento cupón réduction sconto rabatt gutschein`),
);

/** Behind "code": it is that of a program. */
const programs = new Set(
  list(
    `review reviews reviewer coverage freeze base snippet sample example change changes quality scanning owners`,
  ),
);

/** Of two words, the second: "one-time", "usage unique". */
const pairs = new Set([
  'one time',
  'time password',
  ...['passwort', 'kennwort', 'pin'].map((word) => `einmal ${word}`),
  ...['usage unique', 'solo uso', 'uso único'],
]);

/** Compounds such as "Zugangscode", unless the first half says that it is another kind. */
const compound = /^(.+)(?:code|kode|koden|kod|koodi|koodisi|koodinne|codes)$/u;
const otherCompound =
  /^(?:bar|post|zip|qr|promo|rabatt|gutschein|aktions|vorteils|en|de|uni|quell|fehler|farb|länder|strich|web|geheim-?rabatt)s?$/u;

/** Written without blanks, so they are looked for within a run of letters. */
const unspaced: [word: string, label: Label][] = [
  ...list(
    '验证码 驗證碼 校验码 校驗碼 动态码 动态密码 動態密碼 一次性密码 一次性密碼 登录码 登入碼 安全码 安全碼 激活码 啟用碼 确认码 確認碼 認証コード 確認コード 認証番号 暗証番号 ワンタイム 인증번호 인증코드 확인코드 일회용 รหัส',
  ).map((word): [string, Label] => [word, 'strong']),
  ...list('コード 代码 코드').map((word): [string, Label] => [word, 'weak']),
  ...list('订单 訂單 注文 電話 电话 주문 전화 发票 番号 編号 编号').map((word): [string, Label] => [
    word,
    'other',
  ]),
];
const hasUnspaced = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

const spaced = new Map<string, Label>([
  ...strong.map((word): [string, Label] => [word, 'strong']),
  ...weak.map((word): [string, Label] => [word, 'weak']),
  ...other.map((word): [string, Label] => [word, 'other']),
]);

export interface FoundLabel {
  label: Label;
  /** Where it ends in the word. */
  end: number;
  /** It names the code itself: "code", not "verification" or "confirm". */
  isName: boolean;
}

const names = new Set([
  ...weak.filter((word) => word !== 'verify' && word !== 'confirm'),
  ...list('otp totp passcode passcodes pin tan mtan smstan pushtan phototan chiptan otpcode pincode ओटीपी'),
]);

/** `word` is a run of letters in lower case; `before` and `behind` are the runs around it. */
export function labelOf(word: string, before: string, behind = ''): FoundLabel | null {
  if (hasUnspaced.test(word)) {
    let best: FoundLabel | null = null;
    for (const [part, label] of unspaced) {
      const at = word.lastIndexOf(part);
      const end = at + part.length;
      if (at >= 0 && end > (best?.end ?? 0)) best = { label, end, isName: label !== 'other' };
    }
    // "认证番号" contains "番号": the longer word of the table comes first and ends at the same place.
    return best;
  }
  if (word.length > 40) return null;
  const end = word.length;
  const known = spaced.get(word);
  if (pairs.has(`${before} ${word}`)) {
    const isName = word !== 'time' || /^(?:code|passcode|password|pin)$/.test(behind);
    return { label: 'strong', end, isName };
  }
  if (known === 'weak' && (otherCodes.has(before) || (/^codes?$/.test(word) && programs.has(behind))))
    return { label: 'other', end, isName: false };
  if (known) return { label: known, end, isName: names.has(word) };
  const first = compound.exec(word)?.[1];
  if (first === undefined) return null;
  const isOther = otherCompound.test(first);
  return { label: isOther ? 'other' : 'weak', end, isName: !isOther };
}

/** What stands behind them is the number of what stands before them. */
export const counting = new Set(
  list('number no nr num id ref reference nummer numéro número numero номер ending endziffern'),
);

/** May stand between a label and its code, or between a code and its label. */
export const joining = new Set(
  list(`one is are was be the a your this here below as follows following to use enter for directly instead manually
    ist lautet der die das ihr dein hier est le la votre voici es el tu su é o a seu è il tuo de het je jouw uw
    to jest twój это ваш er är din dit on number no nr code codes kode kod código codigo codice код
    是 为 為 は です の 은 는 입니다 है هو`),
);
