package inspector

import (
	"strings"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// maxSummaryTarget is how much of a target the list shows.
const maxSummaryTarget = 2048

// A Summary is a record as the list shows it. Nothing in it is masked, since there is nothing to mask.
type Summary struct {
	ID         int64     `json:"id"`
	ReplayOf   int64     `json:"replayOf,omitempty"`
	Start      time.Time `json:"start"`
	Duration   float64   `json:"durationMs"`
	Function   string    `json:"function,omitempty"`
	MultiValue bool      `json:"multiValueHeaders"`
	Method     string    `json:"method"`
	Target     string    `json:"target"`
	Status     int       `json:"status"` // 0 while the request is under way
	Reason     string    `json:"reason,omitempty"`
	Cold       bool      `json:"cold,omitempty"`
	Findings   int       `json:"findings,omitempty"`
	Lines      int       `json:"lines,omitempty"` // of the log
}

func summarize(r *record.Record) Summary {
	return Summary{
		ID: r.ID, ReplayOf: r.ReplayOf, Start: r.Start, Duration: r.Duration, Function: r.Function, MultiValue: r.MultiValue,
		Method: r.Request.Method, Target: shorten(r.Request.Target), Status: r.Response.Status, Reason: r.Reason,
		Cold: r.Invocation != nil && r.Invocation.Cold, Findings: len(r.Findings), Lines: len(r.Log),
	}
}

func summaries(records []*record.Record) []Summary {
	out := make([]Summary, len(records))
	for i, r := range records {
		out[i] = summarize(r)
	}
	return out
}

func shorten(target string) string {
	if len(target) <= maxSummaryTarget {
		return target
	}
	return strings.ToValidUTF8(target[:maxSummaryTarget], "") + "…"
}
