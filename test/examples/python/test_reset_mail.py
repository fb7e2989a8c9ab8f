"""Runs with unittest and with pytest."""

import os
import smtplib
import unittest
from email.message import EmailMessage

import mailscope

HOST, PORT = os.environ.get("MAILSCOPE_SMTP", "127.0.0.1:1025").rsplit(":", 1)


def send_reset_mail(to):
    """Stands for the application under test."""
    message = EmailMessage()
    message["From"] = "Shop <no-reply@shop.example>"
    message["To"] = to
    message["Subject"] = "Reset your password"
    message.set_content("Your code is 482913.\nReset your password: https://shop.example/reset?token=1\n")
    with smtplib.SMTP(HOST, int(PORT)) as smtp:
        smtp.send_message(message)


class ResetMail(unittest.TestCase):
    def test_has_a_code_and_a_link(self):
        after = mailscope.cursor()
        send_reset_mail("python@example.test")
        message = mailscope.wait_for_message("to:python@example.test subject:reset code", after)
        self.assertEqual(message["codes"][0]["code"], "482913")
        links = [link["href"] for link in message["links"] if link["purpose"] == "reset"]
        self.assertEqual(links, ["https://shop.example/reset?token=1"])

    def test_a_mail_that_does_not_come_is_explained(self):
        after = mailscope.cursor()
        send_reset_mail("python@example.test")
        with self.assertRaisesRegex(mailscope.NotReceived, "To is python@example.test"):
            mailscope.wait_for_message("to:nobody@example.test", after, timeout="300ms")


if __name__ == "__main__":
    unittest.main()
