// A TLS handshake that was agreed on, as the API gives it.
import type { Session } from '../../../shared/session.ts';

const hello: Session['handshakes'][number]['clientHello'] = {
  sni: 'mail.shop.example',
  versions: ['TLSv1.3', 'TLSv1.2'],
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
    'TLS_RSA_WITH_AES_128_GCM_SHA256',
  ],
  groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'x448', 'secp521r1', 'secp384r1'],
  keyShares: ['X25519MLKEM768', 'x25519'],
  signatureAlgorithms: [
    'ecdsa_secp256r1_sha256',
    'ecdsa_secp384r1_sha384',
    'ed25519',
    'rsa_pss_rsae_sha256',
    'rsa_pkcs1_sha256',
  ],
  alpn: [],
  extensions: ['server_name', 'supported_groups', 'key_share'],
  resumption: false,
  ja3: '0cce74b0d9b7f8528fb2181588d23793',
  ja3Text: '771,4866-4867-4865,0-11-10',
  ja4: 't13d1812h1_85036bcba153_b26ce05bbdd6',
  bytes: 517,
  records: 1,
};

const leafCertificate = {
  subject: 'CN=localhost',
  issuer: 'CN=Mailscope local CA',
  names: ['localhost', '127.0.0.1', '::1', 'host.docker.internal', 'mailscope'],
  validFrom: '2026-01-02',
  validTo: '2028-04-06',
  fingerprint256:
    'AB:12:0F:99:31:7C:55:EE:01:8D:AB:12:0F:99:31:7C:55:EE:01:8D:AB:12:0F:99:31:7C:55:EE:01:8D:AA:BB',
  serialNumber: '5F03A1',
  key: 'EC P-256',
};

export const agreed: Session['handshakes'][number] = {
  mode: 'starttls',
  line: 9,
  atUs: 3120,
  durationUs: 5680,
  ok: true,
  clientHello: hello,
  helloRetry: false,
  version: 'TLSv1.3',
  cipher: 'TLS_AES_128_GCM_SHA256',
  group: 'X25519MLKEM768',
  alpn: null,
  sni: 'mail.shop.example',
  resumed: false,
  certificates: [leafCertificate, { ...leafCertificate, subject: 'CN=Mailscope local CA' }],
  clientCertificate: null,
  alerts: [],
  steps: [
    { from: 'client', atUs: 4400, name: 'ClientHello', bytes: 517 },
    { from: 'server', atUs: 5900, name: 'ServerHello', bytes: 1210 },
    {
      from: 'server',
      atUs: 5950,
      name: 'EncryptedExtensions, Certificate, CertificateVerify, Finished',
      bytes: 840,
    },
    { from: 'client', atUs: 8790, name: 'Finished', bytes: 74 },
  ],
  failure: null,
};
