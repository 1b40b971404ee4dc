package listener

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// A Listener is the part of an ALB that picks a rule for a request and does what the rule says. It is an http.Handler in front of
// targets, which are http.Handlers too. Make one with [New]. It is safe for concurrent use.
type Listener struct {
	rules []*rule // in the order of evaluation, the default rule last
}

// An Option configures a [Listener].
type Option interface{ apply(*config) }

type config struct {
	login  func(action string) bool
	random func(n int) int
}

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// WithLogin says for which actions (authenticate-oidc, authenticate-cognito, jwt-validation) the targets take every client for one
// that has logged in. The default is none: a rule with such an action is a fault.
func WithLogin(configured func(action string) bool) Option {
	return optionFunc(func(c *config) { c.login = configured })
}

// WithRandom sets what chooses among weighted target groups, a function like [rand.IntN], which is the default.
func WithRandom(intN func(n int) int) Option {
	return optionFunc(func(c *config) { c.random = intN })
}

// rule is a Rule made ready.
type rule struct {
	name       string
	priority   Priority
	tests      []test
	transforms []transform
	login      string // the type of the action that authenticates
	kind       string // the type of the last action
	action     action
}

// An action answers a request. r is what the transforms made of q.
type action interface {
	serve(w http.ResponseWriter, r *http.Request, q request, d *Decision)
}

// New makes a listener of rules, the default rule among them, in any order. Targets are the handlers of target groups by name. All
// that an ALB would not accept is in the error.
func New(rules []Rule, targets map[string]http.Handler, opts ...Option) (*Listener, error) {
	c := config{login: func(string) bool { return false }, random: rand.IntN}
	for _, o := range opts {
		o.apply(&c)
	}
	f := newFaults()
	l := &Listener{}
	taken := map[string]int{}
	for i, r := range rules {
		f := f.at("rule %s", r.Name())
		if taken[r.Name()]++; taken[r.Name()] == 2 {
			f.add("there are several rules with this priority; give each its own")
		}
		if r.Priority == 0 && !r.isDefault() {
			f.add(`the rule, number %d in the list, has no priority; give it one from 1 to 50000, or "default"`, i+1)
		}
		if r.Priority > 50000 {
			f.add("the priority is too high; give one from 1 to 50000")
		}
		l.rules = append(l.rules, c.compile(r, targets, f))
	}
	if taken[DefaultPriority.String()] == 0 {
		f.add(`there is no default rule; add one with the priority "default", and actions alone`)
	}
	slices.SortStableFunc(l.rules, func(a, b *rule) int {
		return cmp.Or(compareBool(a.priority == DefaultPriority, b.priority == DefaultPriority), cmp.Compare(a.priority, b.priority))
	})
	if err := f.err(); err != nil {
		return nil, err
	}
	return l, nil
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (c config) compile(r Rule, targets map[string]http.Handler, f faults) *rule {
	out := &rule{name: r.Name(), priority: r.Priority}
	all := conditions{fields: map[string]int{}}
	for i, cond := range r.Conditions {
		all.add(cond, f.at("condition %d (%s)", i+1, cond.Field))
	}
	all.check(f)
	out.tests = all.tests
	if r.isDefault() {
		out.priority = DefaultPriority
		if len(r.Conditions) > 0 || len(r.Transforms) > 0 {
			f.add("the default rule can have neither conditions nor transforms; put them into a rule with a priority")
		}
	} else if len(r.Conditions) == 0 {
		f.add("there are no conditions; add one, or make this the default rule")
	}
	out.transforms = compileTransforms(r.Transforms, f)
	c.actions(out, r.Actions, targets, f)
	return out
}

// actions takes the actions in their order: one that authenticates may come first, one that answers is the last.
func (c config) actions(out *rule, actions []Action, targets map[string]http.Handler, f faults) {
	sorted := slices.Clone(actions)
	slices.SortStableFunc(sorted, func(a, b Action) int { return cmp.Compare(a.Order, b.Order) })
	for i, a := range sorted {
		f := f.at("action %s", a.Type)
		if len(sorted) > 1 && (a.Order < 1 || a.Order > 50000 || i > 0 && a.Order == sorted[i-1].Order) {
			f.add("there are several actions, so each needs an Order of its own, from 1 to 50000; set it")
		}
		switch a.Type {
		case "authenticate-oidc", "authenticate-cognito", "jwt-validation":
			if out.login != "" {
				f.add("the rule authenticates already; leave one action out")
			}
			out.login = c.authenticate(a, f)
		case "forward", "redirect", "fixed-response":
			if out.action != nil || i < len(sorted)-1 {
				f.add("exactly one of forward, redirect and fixed-response must be there, as the last action; mend the list or the Orders")
			}
			out.kind = a.Type
		}
		switch a.Type {
		case "authenticate-oidc", "authenticate-cognito", "jwt-validation":
		case "forward":
			out.action = c.forward(a, targets, f)
		case "redirect":
			out.action = newRedirect(a.RedirectConfig, f)
		case "fixed-response":
			out.action = newFixed(a.FixedResponseConfig, f)
		default:
			f.add("the type does not exist; use forward, redirect, fixed-response, authenticate-oidc, authenticate-cognito or jwt-validation")
		}
	}
	if out.action == nil {
		f.add("there is no action that answers; add one of forward, redirect and fixed-response")
	}
}

// authenticate returns the name of the login, or "" where a rule lets clients in without one.
func (c config) authenticate(a Action, f faults) string {
	if c.login(a.Type) {
		return a.Type
	}
	for _, config := range []map[string]any{a.AuthenticateOidcConfig, a.AuthenticateCognitoConfig} {
		if config["OnUnauthenticatedRequest"] == "allow" {
			return ""
		}
	}
	f.add("nobody is logged in here; give the claims of a user with --login")
	return ""
}

// ServeHTTP does what the first rule that matches says.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := DecisionFromContext(r.Context())
	if !ok {
		d = &Decision{}
	}
	q := newRequest(r)
	for _, rule := range l.rules {
		if rule.matches(q) {
			rule.serve(w, q, d)
			return
		}
	}
}

func (r *rule) matches(q request) bool {
	return !slices.ContainsFunc(r.tests, func(t test) bool { return !t(q) })
}

func (r *rule) serve(w http.ResponseWriter, q request, d *Decision) {
	d.Rule, d.Action, d.Login = r.name, r.kind, r.login
	req := q.Request
	for _, t := range r.transforms {
		var err error
		if req, err = t.apply(req, q); err != nil {
			d.Error = err.Error()
			writePage(w, http.StatusInternalServerError)
			return
		}
	}
	r.action.serve(w, req, q, d)
}

// names lists target groups for a message.
func names(targets map[string]http.Handler) string {
	if len(targets) == 0 {
		return "there are none"
	}
	return fmt.Sprintf("there is %s", strings.Join(slices.Sorted(maps.Keys(targets)), ", "))
}
