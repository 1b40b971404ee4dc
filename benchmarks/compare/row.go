package main

import (
	"context"
	"fmt"
	"slices"
)

// A verdict is what a row says of a framework.
type verdict string

const (
	right         verdict = "right"
	wrong         verdict = "wrong"
	refused       verdict = "refused" // not served, but answered as a client's mistake, which loses nothing and betrays nothing
	notApplicable verdict = "not applicable"
)

// A row is one behaviour of the load balancer that a framework gets right or wrong.
type row struct {
	name     string
	expected string // in words, for the report
	byALB    bool   // a gateway behaves otherwise or decides it itself, so that a framework of gateways is not judged
	health   bool   // asked by the load balancer itself, not by a client
	requests []request
	judge    func(m mode, answers []answer) (verdict, string) // and what came back, in words
}

// A cell is what came of a row in one header mode.
type cell struct {
	Row      string   `json:"row"`
	Mode     mode     `json:"mode"`
	Verdict  verdict  `json:"verdict"`
	Got      string   `json:"got"`
	Findings []string `json:"findings,omitempty"` // of the load balancer
}

// rows are the matrix, in the order of the report.
func rows() []row { return slices.Concat([]row{headerModeRow()}, requestRows(), responseRows()) }

// tryRows tries every row in every header mode of the framework.
func (w *workshop) tryRows(ctx context.Context, f *framework) ([]cell, error) {
	var cells []cell
	for _, m := range []mode{single, multi} {
		if !slices.Contains(f.modes(), m) {
			for _, r := range rows() {
				cells = append(cells, cell{Row: r.name, Mode: m, Verdict: notApplicable, Got: "not tried in this mode"})
			}
			continue
		}
		tried, err := w.tryMode(ctx, f, m)
		if err != nil {
			return nil, err
		}
		cells = append(cells, tried...)
	}
	return cells, nil
}

func (w *workshop) tryMode(ctx context.Context, f *framework, m mode) ([]cell, error) {
	t, err := newTarget(ctx, f, w.expand(f, f.command), w.build(f), m, true)
	if err != nil {
		return nil, err
	}
	defer t.close() //nolint:errcheck // it is always nil
	if err := t.function.Start(ctx); err != nil {
		return nil, fmt.Errorf("%w: %s", err, w.scrub(tail(t.output.take(), 200)))
	}
	var cells []cell
	silent := false
	for i, r := range rows() {
		c := cell{Row: r.name, Mode: m, Verdict: notApplicable, Got: "the gateway's business"}
		if silent {
			c.Got = "no answer arrives in this mode"
		} else if !f.gateway || !r.byALB {
			answers, err := t.answers(ctx, &r)
			if err != nil {
				return nil, err
			}
			silent = i == 0 && answers[0].reason != ""
			for _, a := range answers {
				c.Findings = append(c.Findings, a.findings...)
			}
			c.Verdict, c.Got = r.judge(m, answers)
			c.Got = oneLine(w.scrub(c.Got), 240)
		}
		cells = append(cells, c)
	}
	return cells, nil
}

func (t *target) answers(ctx context.Context, r *row) ([]answer, error) {
	if r.health {
		return []answer{t.checkHealth(ctx)}, nil
	}
	answers := make([]answer, 0, len(r.requests))
	for _, request := range r.requests {
		a, err := t.ask(ctx, request)
		if err != nil {
			return nil, err
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// judgeFirst makes a judge of a condition on the only answer.
func judgeFirst(holds func(m mode, a answer) bool) func(mode, []answer) (verdict, string) {
	return func(m mode, answers []answer) (verdict, string) {
		return verdictOf(holds(m, answers[0])), answers[0].summary()
	}
}

// judgeEcho makes a judge of a condition on what the framework saw; show is the part of it that is told.
func judgeEcho(holds func(m mode, e echo) bool, show func(echo) any) func(mode, []answer) (verdict, string) {
	return func(m mode, answers []answer) (verdict, string) {
		e, ok := answers[0].echo()
		if !ok {
			return wrong, answers[0].summary()
		}
		return verdictOf(holds(m, e)), fmt.Sprintf("%q", show(e))
	}
}

func verdictOf(ok bool) verdict {
	if ok {
		return right
	}
	return wrong
}

// perMode is what is expected in the header mode.
func perMode[T any](m mode, inSingle, inMulti T) T {
	if m == single {
		return inSingle
	}
	return inMulti
}
