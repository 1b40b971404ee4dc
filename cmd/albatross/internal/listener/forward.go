package listener

import (
	"net/http"
	"time"
)

// maxGroups is how many target groups an action may have. ELB guide: "Quotas for your Application Load Balancers".
const maxGroups = 5

type forward struct {
	groups []group
	total  int           // of all weights
	sticky time.Duration // 0 is off
	random func(n int) int
}

type group struct {
	name    string
	weight  int
	handler http.Handler
}

func (c config) forward(a Action, targets map[string]http.Handler, f faults) action {
	out := &forward{random: c.random}
	var groups []WeightedGroup
	if a.ForwardConfig != nil {
		groups = a.ForwardConfig.TargetGroups
		out.sticky = a.ForwardConfig.TargetGroupStickinessConfig.duration(f)
	}
	switch {
	case a.TargetGroupArn == "":
	case len(groups) == 0:
		groups = []WeightedGroup{{TargetGroupArn: a.TargetGroupArn}}
	case len(groups) > 1 || groups[0].TargetGroupArn != a.TargetGroupArn:
		f.add("TargetGroupArn and ForwardConfig name different target groups; leave TargetGroupArn out")
	}
	if len(groups) == 0 || len(groups) > maxGroups {
		f.add("there are %d target groups; name 1 to %d in ForwardConfig.TargetGroups", len(groups), maxGroups)
	}
	for _, g := range groups {
		handler, ok := targets[g.TargetGroupArn]
		if !ok {
			f.add("there is no function %q; name one that is there, or add it with --function %[1]s=command (%s)", g.TargetGroupArn, names(targets))
		}
		weight := 1
		if g.Weight != nil {
			weight = *g.Weight
		}
		if weight < 0 || weight > 999 {
			f.add("the weight %d of %s is out of range; give one from 0 to 999", weight, g.TargetGroupArn)
		}
		out.groups = append(out.groups, group{g.TargetGroupArn, weight, handler})
		out.total += weight
	}
	return out
}

func (s *Stickiness) duration(f faults) time.Duration {
	if s == nil || !s.Enabled {
		return 0
	}
	if s.DurationSeconds < 1 || s.DurationSeconds > 604800 {
		f.add("DurationSeconds is %d; give 1 to 604800, which is 7 days", s.DurationSeconds)
	}
	return time.Duration(s.DurationSeconds) * time.Second
}

func (a *forward) serve(w http.ResponseWriter, r *http.Request, q request, d *Decision) {
	g, ok := a.stuck(q)
	if !ok {
		g, ok = a.choose()
	}
	if !ok {
		d.Error = "all target groups of the rule have the weight 0; give one a higher weight"
		writePage(w, http.StatusServiceUnavailable)
		return
	}
	d.Function = g.name
	if a.sticky > 0 {
		w = &stickyWriter{ResponseWriter: w, cookies: stickyCookies(g.name, a.sticky)}
	}
	g.handler.ServeHTTP(w, r)
}

func (a *forward) choose() (group, bool) {
	if a.total == 0 {
		return group{}, false
	}
	n := a.random(a.total)
	for _, g := range a.groups {
		if n -= g.weight; n < 0 {
			return g, true
		}
	}
	return group{}, false
}
