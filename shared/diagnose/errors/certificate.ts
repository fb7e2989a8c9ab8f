import type { ErrorTexts } from './error-text.ts';

export const certificateErrors: ErrorTexts = {
  'tls.certificate-rejected': {
    said: 'The client does not trust the certificate of the server{at}: it is self-signed, or signed by a CA that is not known where the program runs.',
    texts: [
      [
        null,
        0.93,
        /self[- ]signed certificate(?: in certificate chain)?|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN/i,
      ],
      [
        null,
        0.85,
        /unable to (?:verify the first certificate|get (?:local )?issuer certificate)|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/i,
      ],
      ['Go net/smtp', 0.95, /x509: certificate signed by unknown authority/],
      [
        'Jakarta Mail',
        0.93,
        /PKIX path building failed|unable to find valid certification path to requested target/,
      ],
      [
        'msmtp',
        0.9,
        /The certificate is NOT trusted\.(?! The (?:name|certificate chain uses expired))[^\n]{0,100}|the certificate issuer is unknown/i,
      ],
      ['curl', 0.8, /curl: \(60\)/],
      ['lettre', 0.93, /invalid peer certificate: UnknownIssuer/],
      [
        'MailKit',
        0.85,
        /The SSL certificate presented by the server is not trusted|RemoteCertificateChainErrors|The remote certificate (?:is invalid|was rejected)/,
      ],
      [
        'Postfix',
        0.9,
        /certificate verification failed for (?<host>[^\s[]{1,253})[^\n]{0,60}untrusted issuer|Server certificate not (?:trusted|verified)/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.6,
        /SSL operation failed with code 1[^\n]{0,100}\n?[^\n]{0,100}certificate verify failed/,
      ],
      [null, 0.6, /certificate verify failed|CERTIFICATE_VERIFY_FAILED/i],
    ],
  },
  'tls.certificate-incomplete': {
    said: 'The certificate of the issuer is missing: the server{at} sends its own alone, or the CA of a local server is not trusted here.',
    texts: [
      [null, 0.75, /unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE/i],
      [null, 0.5, /unable to get (?:local )?issuer certificate/i],
    ],
  },
  'tls.intercepted': {
    texts: [
      [null, 0.5, /self[- ]signed certificate in certificate chain|SELF_SIGNED_CERT_IN_CHAIN/i],
      [
        null,
        0.85,
        /\b(?:[Aa]vast|AVAST|AVG|[Kk]aspersky|ESET|[Bb]itdefender|[Zz]scaler|[Ff]ortinet|[Nn]etskope)\b(?=[^\n]{0,120}\b(?:[Cc]ertificate|[Ii]ssuer|CN ?=)|(?<=\b(?:[Cc]ertificate|[Ii]ssuer|CN ?=)[^\n]{0,120}))[^\n]{0,60}(?:\b(?:[Rr]oot|CA|[Ss]hield)\b)/,
      ],
    ],
  },
  'tls.certificate-name': {
    said: 'The certificate of the server is for other names than {asked}, by which the client asked.',
    texts: [
      [
        'nodemailer',
        0.97,
        /Hostname\/IP does not match certificate's altnames: (?:Host|IP): (?<asked>[^\s]{1,253}?)\.? is not in/,
      ],
      ['nodemailer', 0.9, /ERR_TLS_CERT_ALTNAME_INVALID/],
      [
        'Python smtplib',
        0.97,
        /(?:Hostname|IP address) mismatch, certificate is not valid for '(?<asked>[^'\n]{1,253})'/,
      ],
      [
        'Symfony Mailer or Laravel',
        0.97,
        /Peer certificate (?:subjectAltName|CN=`[^'\n]{1,253}') did not match expected (?:name|CN=)?\s?`(?<asked>[^'\n]{1,253})'/,
      ],
      [
        'Ruby mail or ActionMailer',
        0.97,
        /certificate verify failed \((?:hostname|IP address) mismatch\)|hostname "(?<asked>[^"\n]{1,253})" does not match the server certificate/,
      ],
      [
        'Go net/smtp',
        0.97,
        /x509: certificate is (?:valid for [^\n]{1,600}?, not|not valid for any names, but wanted to match) (?<asked>[^\s,]{1,253})/,
      ],
      [
        'Go net/smtp',
        0.97,
        /x509: cannot validate certificate for (?<asked>\S{1,80}) because it doesn't contain any IP SANs/,
      ],
      [
        'Jakarta Mail',
        0.95,
        /Can't verify identity of server: (?<asked>[^\s]{1,253})|No subject alternative (?:DNS name|names) matching (?:IP address )?(?<named>[^\s]{1,253}) found/,
      ],
      ['msmtp', 0.95, /The name in the certificate does not match the expected/],
      [
        'curl',
        0.9,
        /no alternative certificate subject name matches target (?:host ?name|ipv\d address) '(?<asked>[^'\n]{1,253})'/,
      ],
      [
        'lettre',
        0.95,
        /invalid peer certificate: (?:NotValidForName|certificate not valid for name)[^\n]{0,100}/,
      ],
      ['System.Net.Mail', 0.95, /RemoteCertificateNameMismatch/],
    ],
  },
  'tls.certificate-expired': {
    said: 'The certificate of the server{at} is not valid at this time: it has expired, is not yet valid, or the clock of the client is wrong.',
    texts: [
      [
        null,
        0.95,
        /certificate has expired|CERT_HAS_EXPIRED|certificate is not yet valid|CERT_NOT_YET_VALID/i,
      ],
      ['Go net/smtp', 0.97, /certificate has expired or is not yet valid/],
      [
        'Jakarta Mail',
        0.95,
        /\(certificate_expired\)|PKIX path validation failed: [^\n]{0,80}validity check failed|CertificateExpiredException/,
      ],
      ['msmtp', 0.95, /The certificate chain uses (?:expired|not yet valid) certificate/],
      [
        null,
        0.95,
        /alert certificate expired|ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED|invalid peer certificate: Expired/i,
      ],
    ],
  },
  'tls.certificate-common-name': {
    texts: [['Go net/smtp', 0.98, /certificate relies on legacy Common Name field, use SANs instead/]],
  },
  'tls.certificate-weak': {
    texts: [
      [
        null,
        0.97,
        /(?:EE|CA) certificate key too weak|CA signature digest algorithm too weak|CERT_(?:EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL)|ee key too small|ca md too weak/i,
      ],
    ],
  },
  'tls.certificate-strict': {
    texts: [
      [
        null,
        0.97,
        /CA cert does not include key usage extension|Basic Constraints of CA cert not marked critical|Missing Authority Key Identifier|Missing Subject Key Identifier/i,
      ],
    ],
  },
  'tls.revocation-unknown': {
    texts: [
      [
        'MailKit',
        0.97,
        /Certificate (?:Authority )?CRL server for one or more of the certificates in the chain is temporarily unavailable|RevocationStatusUnknown|OfflineRevocation/,
      ],
      [
        null,
        0.9,
        /The revocation function was unable to check revocation|CRYPT_E_(?:NO_REVOCATION_CHECK|REVOCATION_OFFLINE)/i,
      ],
    ],
  },
};
