// What following a link would do, guessed from its words first and its address second.
import type { LinkPurpose } from '../../../shared/message.ts';

interface Rule {
  purpose: LinkPurpose;
  words: RegExp;
  address: RegExp;
}

// The order decides: "confirm your new password" is a reset, "unsubscribe" beats all.
const rules: Rule[] = [
  {
    purpose: 'unsubscribe',
    words:
      /unsubscri|opt[ -]?out|abmeld|abbestell|austragen|désabonn|désinscri|cancelar (?:la )?suscrip|darse de baja|cancelar inscri|disiscri|(?:annulla|cancella)(?:re)? (?:l.)?iscri|uitschrijv|afmeld|wypisz|rezygn|отпис|відпис|avregistr|avsluta prenumer|avmeld|afmeld|meld (?:deg|meg) av|avslutt abonnement|peruuta tilaus|odhlásit|leiratkoz|abonelikten|配信停止|購読を?解除|退订|取消订阅|取消訂閱|退訂|수신\s?거부|구독\s?취소|إلغاء الاشتراك|descadastr|διαγραφή|κατάργηση εγγραφής|ביטול (?:ה)?מנוי|הסר(?:ה|ת)? מרשימ|hủy đăng ký|berhenti berlangganan|सदस्यता समाप्त/,
    address: /unsub|opt-?out|abmeld|desabonn|desinscri|list-manage.*\/unsub|\/remove\b/,
  },
  {
    purpose: 'reset',
    words:
      /reset|forg[oe]t|recover|new password|choose a password|set (?:up )?(?:a|your) password|change (?:your )?password|zurücksetz|passwort|kennwort|réinitialis|mot de passe|restablec|contraseña|redefin|senha|reimposta|password dimenticata|wachtwoord|hasł|сброс|парол|återställ|lösenord|tilbakestill|passord|nulstil|adgangskode|salasana|heslo|jelszó|şifre|パスワード|密码|密碼|비밀번호|كلمة المرور|επαναφορά κωδικού|סיסמ|mật khẩu|kata sandi|पासवर्ड/,
    address: /reset|forgot|recover|passwor[dt]|passwd|\bpwd\b|\baction=rp\b|restablec|reinitialis/,
  },
  {
    purpose: 'confirm',
    words:
      /confirm|verif|validat|activat|double opt|bestätig|verifizier|aktivier|freischalt|vérif|valider|activer|activar|confirma|conferma|attiva|bevestig|activeer|potwierd|aktywuj|подтверд|активир|підтверд|bekräft|bekreft|bekræft|vahvista|potvrd|megerősít|onayla|doğrula|確認|認証|有効化|验证|驗證|确认|激活|인증|확인|تأكيد|تفعيل|επιβεβαίωσ|ενεργοποίησ|אימות|אישור|הפעלת|xác (?:nhận|minh|thực)|kích hoạt|konfirmasi|verifikasi|aktifkan|सत्यापित|पुष्टि|complete (?:your )?registration|finish (?:your )?registration/,
    address: /confirm|verif|validat|activat|opt-?in|bestaetig|aktivier/,
  },
  {
    purpose: 'invite',
    words:
      /invit|einlad|einladung|uitnodig|zaprosz|приглаш|招待|邀请|邀請|초대|\bjoin\b|beitreten|rejoindre|unirse/,
    address: /invit|\/join\b|accept/,
  },
  {
    purpose: 'login',
    words:
      /log[ -]?[io]n|sign[ -]?in|magic link|anmelden|einloggen|se connecter|connexion|connectez|iniciar sesi|entrar|accedi|inloggen|zaloguj|войти|вход|logga in|logg inn|log ind|kirjaudu|přihlás|bejelentkez|giriş|ログイン|サインイン|登录|登入|로그인|تسجيل الدخول|σύνδεση|התחבר|כניסה|đăng nhập|लॉग ?इन/,
    address: /log-?in|sign-?in|signin|magic|\/auth\b|\/sso\b|one-?time/,
  },
  {
    purpose: 'browser-view',
    words:
      /view (?:this |it )?(?:e-?mail |message )?(?:in|online)|in (?:your|a|the) browser|web version|im browser|online ansehen|dans (?:votre|le|un) navigateur|version en ligne|en (?:el|tu|su) navegador|no navegador|nel browser|in (?:je|uw) browser|w przeglądarce|в браузере|ブラウザ|浏览器|瀏覽器|브라우저/,
    address: /view-?(?:in-?)?(?:browser|online|email)|webversion|web-version|\/browser\b/,
  },
  {
    purpose: 'preferences',
    words:
      /preferenc|notification settings|email settings|manage (?:your )?(?:subscri|notif|email)|einstellungen|préférences|preferenze|voorkeuren|ustawienia|настройк|設定|设置|설정/,
    address: /preferenc|email-?settings|notification-?settings|manage-?subscri/,
  },
];

/** As browsers read it: they drop tabs and line ends anywhere, control characters and blanks in front. */
const plainForm = (href: string): string => href.replace(/[\x00-\x20]+/g, '').toLowerCase();

export function guessPurpose(text: string, href: string, isPixel: boolean): LinkPurpose {
  const plain = plainForm(href);
  if (/^(?:javascript|vbscript|data|file|blob|filesystem|view-source):/.test(plain)) return 'unsafe';
  if (isPixel) return 'pixel';
  if (plain.startsWith('mailto:')) return /unsub/.test(plain) ? 'unsubscribe' : 'mail';
  if (/^(?:tel|sms|callto):/.test(plain)) return 'phone';
  const words = text.toLowerCase();
  const byWords = rules.find((rule) => rule.words.test(words));
  if (byWords) return byWords.purpose;
  // A domain says little: everything at password-tools.example would be a reset. So do the names of campaigns.
  const address = plain
    .replace(/^[a-z]+:\/\/[^/?#]*/, '')
    .slice(0, 1000)
    .replace(/[?&]utm_[^&#]*/g, '');
  return rules.find((rule) => rule.address.test(address))?.purpose ?? 'other';
}
