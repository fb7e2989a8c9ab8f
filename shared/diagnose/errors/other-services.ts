// Lines of a log that say themselves that they are about another service than mail: a refused connection of a database
// reads as one of mail.

const services =
  /\b(?:SQLSTATE|postgres(?:ql)?|psql|mysql|mariadb|redis|(?:py)?mongo(?:db)?|kafka|amqp|rabbitmq|elasticsearch|memcached|kubelet|FetchError|AxiosError|HTTPS?ConnectionPool|npm (?:ERR!|error))(?![a-z])|\b(?:Get|Post|request to) "?https?:\/\/|accepting TCP\/IP connections on port|\bwhile (?:connecting to upstream|sending to client|reading [a-z ]{0,30}upstream|SSL handshaking)/i;
const ports =
  /\b(?:ECONN[A-Z]{3,10}|ETIMEDOUT|dial tcp|connect(?:ing|ion)? to|(?:[Cc]onnect|[Ss]erver) at)\b[^\n]{0,100}(?::|\bport )(?:80|443|3306|5432|5672|6379|8080|8443|9092|9200|11211|27017)\b/;
const mail = /mail|smtp|postfix|exim/i;

/** With blanks in place of such lines, so that all else stands where it stood. */
export const withoutOtherServices = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      (services.test(line) || ports.test(line)) && !mail.test(line) ? ' '.repeat(line.length) : line,
    )
    .join('\n');
