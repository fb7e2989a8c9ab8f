// How a runtime or a system comes to trust the local CA, so that certificates are verified as in production.
import { download, type Block } from './snippet.ts';

export const trusting: readonly { id: string; name: string; block: Block; note?: string }[] = [
  {
    id: 'node',
    name: 'Node.js',
    block: { file: 'Terminal', text: `${download}\nexport NODE_EXTRA_CA_CERTS=$PWD/{{ca}}` },
    note: 'Adds to the built-in CAs. It must be set before Node starts.',
  },
  {
    id: 'openssl',
    name: 'Python, Ruby, Go',
    block: { file: 'Terminal', text: `${download}\nexport SSL_CERT_FILE=$PWD/{{ca}}` },
    note: 'Read by all that uses OpenSSL, by Go and .NET on Linux. It replaces the other CAs while it is set.',
  },
  {
    id: 'php',
    name: 'PHP',
    block: { file: 'php.ini', text: 'openssl.cafile = /path/to/{{ca}}' },
    note: 'For a single command: php -d openssl.cafile=mailscope-ca.pem.',
  },
  {
    id: 'java',
    name: 'Java',
    block: {
      file: 'Terminal',
      text: `
${download}
cp "$JAVA_HOME/lib/security/cacerts" mailscope-truststore
keytool -importcert -noprompt -alias mailscope -file {{ca}} \\
  -keystore mailscope-truststore -storepass changeit
java -Djavax.net.ssl.trustStore=mailscope-truststore -jar app.jar
`,
    },
    note: 'A copy of the usual truststore, with the CA added.',
  },
  {
    id: 'debian',
    name: 'Debian, Ubuntu, Alpine',
    block: {
      file: 'Terminal',
      text: `
sudo curl -o /usr/local/share/ca-certificates/mailscope.crt {{url}}/api/ca.pem
sudo update-ca-certificates
`,
    },
    note: 'The name must end in .crt. Node.js and Java do not look there.',
  },
  {
    id: 'fedora',
    name: 'Fedora, RHEL',
    block: {
      file: 'Terminal',
      text: `
sudo curl -o /etc/pki/ca-trust/source/anchors/mailscope.pem {{url}}/api/ca.pem
sudo update-ca-trust
`,
    },
  },
  {
    id: 'macos',
    name: 'macOS',
    block: {
      file: 'Terminal',
      text: `
${download}
security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db {{ca}}
`,
    },
    note: 'To take it back: security delete-certificate with the name of the CA, or the Keychain Access program.',
  },
  {
    id: 'windows',
    name: 'Windows',
    block: {
      file: 'PowerShell',
      text: `
curl.exe -o {{ca}} {{url}}/api/ca.pem
certutil -user -addstore Root {{ca}}
`,
    },
    note: 'For the current user; it takes no administrator.',
  },
  {
    id: 'dockerfile',
    name: 'Dockerfile',
    block: {
      file: 'Dockerfile',
      text: `
COPY {{ca}} /usr/local/share/ca-certificates/mailscope.crt
RUN update-ca-certificates
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/ca-certificates/mailscope.crt
`,
    },
    note: 'For Debian and Alpine images that have ca-certificates installed.',
  },
];
