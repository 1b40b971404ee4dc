package template

import "github.com/albatross-go/albatross/cmd/albatross/internal/listener"

// The blocks of aws_lb_listener and aws_lb_listener_rule. A block that may be there once is a list of one.
type (
	tfAction struct {
		Type           string            `json:"type"`
		Order          int               `json:"order"`
		TargetGroupARN string            `json:"target_group_arn"`
		Forward        []tfForward       `json:"forward"`
		Redirect       []tfRedirect      `json:"redirect"`
		FixedResponse  []tfFixedResponse `json:"fixed_response"`
		OIDC           []tfAuthenticate  `json:"authenticate_oidc"`
		Cognito        []tfAuthenticate  `json:"authenticate_cognito"`
	}
	tfForward struct {
		TargetGroups []struct {
			ARN    string `json:"arn"`
			Weight *int   `json:"weight"`
		} `json:"target_group"`
		Stickiness []struct {
			Enabled  bool `json:"enabled"`
			Duration int  `json:"duration"`
		} `json:"stickiness"`
	}
	tfRedirect struct {
		Protocol   string `json:"protocol"`
		Host       string `json:"host"`
		Port       string `json:"port"`
		Path       string `json:"path"`
		Query      string `json:"query"`
		StatusCode string `json:"status_code"`
	}
	tfFixedResponse struct {
		StatusCode  string `json:"status_code"`
		ContentType string `json:"content_type"`
		MessageBody string `json:"message_body"`
	}
	tfAuthenticate struct {
		OnUnauthenticated string `json:"on_unauthenticated_request"`
	}
	tfPatterns struct {
		Values      []string `json:"values"`
		RegexValues []string `json:"regex_values"`
	}
	tfCondition struct {
		HostHeader  []tfPatterns `json:"host_header"`
		PathPattern []tfPatterns `json:"path_pattern"`
		HTTPHeader  []struct {
			tfPatterns
			Name string `json:"http_header_name"`
		} `json:"http_header"`
		Method      []tfPatterns `json:"http_request_method"`
		SourceIP    []tfPatterns `json:"source_ip"`
		QueryString []struct {
			Key   string `json:"key"`
			Value string `json:"value"`
		} `json:"query_string"`
	}
	tfTransform struct {
		Type string      `json:"type"`
		URL  []tfRewrite `json:"url_rewrite_config"`
		Host []tfRewrite `json:"host_header_rewrite_config"`
	}
	tfRewrite struct {
		Rewrite []struct {
			Regex   string `json:"regex"`
			Replace string `json:"replace"`
		} `json:"rewrite"`
	}
)

// action leaves the names of target groups to the caller.
func (a tfAction) action() listener.Action {
	out := listener.Action{Type: a.Type, Order: a.Order}
	for _, f := range a.Forward {
		out.ForwardConfig = &listener.ForwardConfig{}
		for _, g := range f.TargetGroups {
			out.ForwardConfig.TargetGroups = append(out.ForwardConfig.TargetGroups, listener.WeightedGroup{Weight: g.Weight})
		}
		for _, s := range f.Stickiness {
			out.ForwardConfig.TargetGroupStickinessConfig = &listener.Stickiness{Enabled: s.Enabled, DurationSeconds: s.Duration}
		}
	}
	for _, r := range a.Redirect {
		out.RedirectConfig = &listener.Redirect{
			Protocol: r.Protocol, Host: r.Host, Port: r.Port, Path: r.Path, Query: r.Query, StatusCode: r.StatusCode}
	}
	for _, f := range a.FixedResponse {
		out.FixedResponseConfig = &listener.FixedResponse{StatusCode: f.StatusCode, ContentType: f.ContentType, MessageBody: f.MessageBody}
	}
	for _, o := range a.OIDC {
		out.AuthenticateOidcConfig = map[string]any{"OnUnauthenticatedRequest": o.OnUnauthenticated}
	}
	for _, c := range a.Cognito {
		out.AuthenticateCognitoConfig = map[string]any{"OnUnauthenticatedRequest": c.OnUnauthenticated}
	}
	return out
}

// condition is the one kind that the block has. Several kinds in one block are no valid configuration.
func (c tfCondition) condition() (out listener.Condition) {
	for _, p := range c.HostHeader {
		out = listener.Condition{Field: "host-header", HostHeaderConfig: (*listener.Patterns)(&p)}
	}
	for _, p := range c.PathPattern {
		out = listener.Condition{Field: "path-pattern", PathPatternConfig: (*listener.Patterns)(&p)}
	}
	for _, h := range c.HTTPHeader {
		out = listener.Condition{Field: "http-header",
			HTTPHeaderConfig: &listener.HTTPHeaderConfig{HTTPHeaderName: h.Name, Values: h.Values, RegexValues: h.RegexValues}}
	}
	for _, p := range c.Method {
		out = listener.Condition{Field: "http-request-method",
			HTTPRequestMethodConfig: &listener.HTTPRequestMethodConfig{Values: p.Values}}
	}
	for _, p := range c.SourceIP {
		out = listener.Condition{Field: "source-ip", SourceIPConfig: &listener.SourceIPConfig{Values: p.Values}}
	}
	if len(c.QueryString) > 0 {
		out = listener.Condition{Field: "query-string", QueryStringConfig: &listener.QueryStringConfig{}}
		for _, kv := range c.QueryString {
			out.QueryStringConfig.Values = append(out.QueryStringConfig.Values, listener.KeyValue(kv))
		}
	}
	return out
}

func (t tfTransform) transform() listener.Transform {
	rewrites := func(blocks []tfRewrite) *listener.Rewrites {
		if len(blocks) == 0 {
			return nil
		}
		out := &listener.Rewrites{}
		for _, r := range blocks[0].Rewrite {
			out.Rewrites = append(out.Rewrites, listener.Rewrite(r))
		}
		return out
	}
	return listener.Transform{Type: t.Type, URLRewriteConfig: rewrites(t.URL), HostHeaderRewriteConfig: rewrites(t.Host)}
}
