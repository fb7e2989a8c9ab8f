// Languages that are compiled: their settings are mostly code.
import { download, type Snippet } from './snippet.ts';

export const springBoot: Snippet = {
  id: 'spring-boot',
  name: 'Spring Boot',
  group: 'Frameworks',
  also: 'java kotlin jakarta javamail',
  blocks: [
    {
      file: 'application.properties',
      text: `
spring.mail.host={{host}}
spring.mail.port={{port}}
[none]spring.mail.properties.mail.smtp.starttls.enable=false
[starttls]spring.mail.properties.mail.smtp.starttls.enable=true
[starttls]spring.mail.properties.mail.smtp.starttls.required=true
[implicit]spring.mail.properties.mail.smtp.ssl.enable=true
[starttls|implicit]spring.mail.properties.mail.smtp.ssl.checkserveridentity=true
[login]spring.mail.username={{user}}
[login]spring.mail.password={{password}}
[login]spring.mail.properties.mail.smtp.auth=true
[no-login]spring.mail.properties.mail.smtp.auth=false
spring.mail.properties.mail.smtp.connectiontimeout=5000
spring.mail.properties.mail.smtp.timeout=5000
`,
    },
  ],
  trust: {
    file: 'Terminal',
    text: `
${download}
keytool -importcert -noprompt -alias mailscope -file {{ca}} \\
  -keystore mailscope.p12 -storetype PKCS12 -storepass changeit
java -Djavax.net.ssl.trustStore=mailscope.p12 \\
  -Djavax.net.ssl.trustStorePassword=changeit -jar app.jar
`,
  },
  notes: {
    always: 'Without the two timeouts, Jakarta Mail waits for ever.',
  },
};

export const mailKit: Snippet = {
  id: 'mailkit',
  name: '.NET MailKit',
  group: 'Languages',
  also: 'c# csharp dotnet asp.net',
  blocks: [
    {
      file: 'Program.cs',
      text: `
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

var message = new MimeMessage { Subject = "Hello from MailKit" };
message.From.Add(MailboxAddress.Parse("app@example.test"));
message.To.Add(MailboxAddress.Parse("you@example.test"));
message.Body = new TextPart("plain") { Text = "It works." };

using var client = new SmtpClient();
[starttls|implicit]client.CheckCertificateRevocation = false; // the local CA has no revocation list
[none]await client.ConnectAsync("{{host}}", {{port}}, SecureSocketOptions.None);
[starttls]await client.ConnectAsync("{{host}}", {{port}}, SecureSocketOptions.StartTls);
[implicit]await client.ConnectAsync("{{host}}", {{port}}, SecureSocketOptions.SslOnConnect);
[login]await client.AuthenticateAsync("{{user}}", "{{password}}");
await client.SendAsync(message);
await client.DisconnectAsync(true);
`,
    },
  ],
  trust: { file: 'Terminal', text: `${download}\nSSL_CERT_FILE=$PWD/{{ca}} dotnet run` },
  notes: {
    starttls: 'SSL_CERT_FILE works on Linux. Windows and macOS take the CA from their own store, see below.',
    implicit: 'SSL_CERT_FILE works on Linux. Windows and macOS take the CA from their own store, see below.',
  },
};

export const go: Snippet = {
  id: 'go',
  name: 'Go net/smtp',
  group: 'Languages',
  also: 'golang',
  blocks: [
    {
      file: 'main.go',
      text: `
package main

import (
[starttls|implicit]	"crypto/tls"
	"log"
	"net/smtp"
)

func main() {
[none|starttls]	client, err := smtp.Dial("{{urlHost}}:{{port}}")
[none|starttls]	check(err)
[starttls]	check(client.StartTLS(&tls.Config{ServerName: "{{host}}"}))
[implicit]	conn, err := tls.Dial("tcp", "{{urlHost}}:{{port}}", &tls.Config{ServerName: "{{host}}"})
[implicit]	check(err)
[implicit]	client, err := smtp.NewClient(conn, "{{host}}")
[implicit]	check(err)
[login]	check(client.Auth(smtp.PlainAuth("", "{{user}}", "{{password}}", "{{host}}")))
	check(client.Mail("app@example.test"))
	check(client.Rcpt("you@example.test"))
	body, err := client.Data()
	check(err)
	_, err = body.Write([]byte("From: app@example.test\\r\\nTo: you@example.test\\r\\n" +
		"Subject: Hello from Go\\r\\n\\r\\nIt works.\\r\\n"))
	check(err)
	check(body.Close())
	check(client.Quit())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
`,
    },
  ],
  trust: { file: 'Terminal', text: `${download}\nSSL_CERT_FILE=$PWD/{{ca}} go run .` },
  notes: {
    none: 'PlainAuth sends a password without TLS only to localhost, 127.0.0.1 and ::1.',
    starttls: 'SSL_CERT_FILE works on Linux. Windows and macOS take the CA from their own store, see below.',
    implicit: 'SSL_CERT_FILE works on Linux. Windows and macOS take the CA from their own store, see below.',
  },
};

export const lettre: Snippet = {
  id: 'lettre',
  name: 'Rust lettre',
  group: 'Languages',
  also: 'cargo axum actix',
  blocks: [
    {
      file: 'src/main.rs',
      text: `
[login]use lettre::transport::smtp::authentication::Credentials;
[starttls|implicit]use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mail = Message::builder()
        .from("app@example.test".parse()?)
        .to("you@example.test".parse()?)
        .subject("Hello from lettre")
        .body(String::from("It works."))?;

[starttls|implicit]    let ca = Certificate::from_pem(&std::fs::read("{{ca}}")?)?;
[starttls|implicit]    let tls = TlsParameters::builder("{{name}}".into()).add_root_certificate(ca).build()?;
    let mailer = SmtpTransport::builder_dangerous("{{host}}")
        .port({{port}})
[starttls]        .tls(Tls::Required(tls))
[implicit]        .tls(Tls::Wrapper(tls))
[login]        .credentials(Credentials::new("{{user}}".into(), "{{password}}".into()))
        .build();
    mailer.send(&mail)?;
    Ok(())
}
`,
    },
  ],
  trust: { file: 'Terminal', text: `${download}\ncargo run` },
  notes: {
    always:
      'builder_dangerous is only the builder that presumes no TLS. Tls::Required and Tls::Wrapper verify the certificate.',
  },
};

export const swoosh: Snippet = {
  id: 'swoosh',
  name: 'Elixir Swoosh',
  group: 'Frameworks',
  also: 'phoenix gen_smtp',
  blocks: [
    {
      file: 'config/dev.exs',
      text: `
config :my_app, MyApp.Mailer,
  adapter: Swoosh.Adapters.SMTP,
  relay: "{{host}}",
  port: {{port}},
[none]  ssl: false,
[none]  tls: :never,
[starttls]  ssl: false,
[starttls]  tls: :always,
[starttls]  tls_options: [
[implicit]  ssl: true,
[implicit]  tls: :never,
[implicit]  sockopts: [
[starttls|implicit]    verify: :verify_peer,
[starttls|implicit]    cacertfile: "{{ca}}",
[starttls|implicit]    server_name_indication: ~c"{{name}}"
[starttls|implicit]  ],
[login]  username: "{{user}}",
[login]  password: "{{password}}",
[login]  auth: :always,
[no-login]  auth: :never,
  no_mx_lookups: true
`,
    },
  ],
  trust: { file: 'Terminal, in the folder of mix.exs', text: download },
  notes: {
    always: 'The adapter needs {:gen_smtp, "~> 1.1"} in mix.exs, and config :swoosh, local: false.',
  },
};
