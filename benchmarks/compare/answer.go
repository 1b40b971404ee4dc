package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/albatross-go/albatross/router/balancer"
)

// An answer is what came back for one request of a row.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	reason   string   // why the load balancer answered in the function's place, "" if it did not
	fault    string   // how the invocation failed, "" if it did not
	findings []string // what the load balancer holds against the function's response
	output   string   // what the function printed meanwhile
}

// ask sends the request on a connection of its own.
func (t *target) ask(ctx context.Context, r request) (answer, error) {
	c, err := dial(ctx, t.address)
	if err != nil {
		return answer{}, err
	}
	defer c.close()
	var body bytes.Buffer
	status, header, err := c.do(r.method, r.bytes(), &body)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", r.method, r.target, err)
	}
	a := answer{status: status, header: header, body: body.Bytes()}
	select {
	case e := <-t.exchanges:
		a.reason, a.findings = e.Reason, texts(e.Findings)
		if e.Err != nil {
			a.fault = e.Err.Error()
		}
		if a.reason == "" && e.TargetStatus == 0 {
			a.reason = "refused"
		}
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	a.output = t.output.take()
	return a, nil
}

// checkHealth is a health check in the form of an answer.
func (t *target) checkHealth(ctx context.Context) answer {
	if err := t.balancer.CheckHealth(ctx); err != nil {
		return answer{reason: err.Error(), output: t.output.take()}
	}
	return answer{status: http.StatusOK, output: t.output.take()}
}

func texts(findings []balancer.Finding) []string {
	list := make([]string, 0, len(findings))
	for _, f := range findings {
		list = append(list, f.String())
	}
	return list
}

// summary is the answer in a few words: what the load balancer says if it answered itself, else status, type and body.
func (a answer) summary() string {
	if a.reason != "" {
		words := fmt.Sprintf("the load balancer's %d: %s", a.status, a.reason)
		if a.status == 0 {
			words = a.reason
		}
		switch {
		case len(a.findings) > 0:
			words += " (" + strings.TrimPrefix(a.findings[0], a.reason+": ") + ")"
		case a.fault != "":
			words += " (" + strings.TrimPrefix(a.fault, "runtimeapi: ") + ")"
		}
		return words
	}
	words := fmt.Sprintf("%d %s", a.status, a.header.Get("Content-Type"))
	if len(a.body) > 0 {
		words += fmt.Sprintf(", %.160q", a.body)
	}
	return words
}

// isJSON says whether the body is a JSON object.
func (a answer) isJSON() bool {
	var object map[string]any
	return json.Unmarshal(a.body, &object) == nil
}

// An echo is the answer of /echo: the request as the framework saw it.
type echo struct {
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Query  map[string][]string `json:"query"`
	Host   string              `json:"host"`
	Test   []string            `json:"test"`
}

func (a answer) echo() (e echo, ok bool) {
	return e, a.status == http.StatusOK && json.Unmarshal(a.body, &e) == nil
}
