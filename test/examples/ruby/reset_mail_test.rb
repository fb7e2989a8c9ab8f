# Sends a mail over a socket, waits for it, and looks at its code and link. Run: ruby reset_mail_test.rb
require "json"
require "net/http"
require "socket"
require "uri"

URL = ENV.fetch("MAILSCOPE_URL", "http://127.0.0.1:8025")
SMTP_HOST, SMTP_PORT = ENV.fetch("MAILSCOPE_SMTP", "127.0.0.1:1025").split(":")

def ask(path, query = nil)
  uri = URI(URL + path)
  uri.query = URI.encode_www_form(query) if query
  answer = JSON.parse(Net::HTTP.get(uri))
  raise "#{answer["error"]["message"]} #{answer["error"]["hint"]}" if answer["error"]

  answer
end

# Stands for the application under test; with Action Mailer only address and port change.
def send_reset_mail(to)
  text = "From: no-reply@shop.example\r\nTo: #{to}\r\nSubject: Reset your password\r\n\r\n" \
         "Your code is 482913.\r\nReset your password: https://shop.example/reset?token=1\r\n."
  TCPSocket.open(SMTP_HOST, Integer(SMTP_PORT)) do |socket|
    [nil, "EHLO ruby", "MAIL FROM:<no-reply@shop.example>", "RCPT TO:<#{to}>", "DATA", text, "QUIT"].each do |line|
      socket.write("#{line}\r\n") if line
      reply = socket.gets
      reply = socket.gets while reply && reply[3] == "-"
      raise "#{line} was answered #{reply}" if reply.nil? || reply[0] > "3"
    end
  end
end

after = ask("/api/status")["cursor"]
send_reset_mail("ruby@example.test")
found = ask("/api/messages/wait", query: "to:ruby@example.test subject:reset code", after: after, timeout: "8s")["items"]
message = ask("/api/messages/#{found[0]["id"]}")
abort "not ok: the codes are #{message["codes"]}" unless message["codes"].map { |code| code["code"] } == ["482913"]
abort "not ok: the links are #{message["links"]}" unless message["links"].any? { |link| link["purpose"] == "reset" }
puts "ok: the mail came, with its code and link"
