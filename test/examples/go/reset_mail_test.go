// Sends a mail, waits for it, and looks at its code and link. Run: go test ./...
package resetmail

import (
	"encoding/json"
	"net/http"
	"net/smtp"
	"net/url"
	"os"
	"testing"
)

type message struct {
	ID    string `json:"id"`
	Codes []struct {
		Code string `json:"code"`
	} `json:"codes"`
	Links []struct {
		Href    string `json:"href"`
		Purpose string `json:"purpose"`
	} `json:"links"`
}

type answer struct {
	message
	Cursor string    `json:"cursor"`
	Items  []message `json:"items"`
	Error  *struct {
		Message string `json:"message"`
		Hint    string `json:"hint"`
	} `json:"error"`
}

func setting(name, standard string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return standard
}

func ask(t *testing.T, path string) answer {
	t.Helper()
	response, err := http.Get(setting("MAILSCOPE_URL", "http://127.0.0.1:8025") + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var told answer
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil {
		t.Fatal(err)
	}
	if told.Error != nil {
		t.Fatal(told.Error.Message, told.Error.Hint)
	}
	return told
}

// sendResetMail stands for the application under test.
func sendResetMail(to string) error {
	text := "From: no-reply@shop.example\r\nTo: " + to + "\r\nSubject: Reset your password\r\n\r\n" +
		"Your code is 482913.\r\nReset your password: https://shop.example/reset?token=1\r\n"
	server := setting("MAILSCOPE_SMTP", "127.0.0.1:1025")
	return smtp.SendMail(server, nil, "no-reply@shop.example", []string{to}, []byte(text))
}

func TestResetMailHasACodeAndALink(t *testing.T) {
	after := ask(t, "/api/status").Cursor
	if err := sendResetMail("go@example.test"); err != nil {
		t.Fatal(err)
	}
	query := url.Values{"query": {"to:go@example.test subject:reset code"}, "after": {after}, "timeout": {"8s"}}
	found := ask(t, "/api/messages/wait?"+query.Encode()).Items
	mail := ask(t, "/api/messages/"+found[0].ID)
	if len(mail.Codes) == 0 || mail.Codes[0].Code != "482913" {
		t.Errorf("the codes are %v", mail.Codes)
	}
	if len(mail.Links) == 0 || mail.Links[0].Purpose != "reset" {
		t.Errorf("the links are %v", mail.Links)
	}
}
