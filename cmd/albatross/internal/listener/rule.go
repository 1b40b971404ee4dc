package listener

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// A Rule has the JSON form that the Elastic Load Balancing API and CloudFormation use, so that the output of
// "aws elbv2 describe-rules" can be pasted. Target groups go by the names of their functions.
type Rule struct {
	Priority   Priority
	IsDefault  bool        `json:",omitempty"`
	RuleArn    string      `json:",omitempty"` // not used
	Conditions []Condition `json:",omitempty"`
	Actions    []Action
	Transforms []Transform `json:",omitempty"`
}

// Name is the rule's priority in words: "10", or "default".
func (r Rule) Name() string {
	if r.isDefault() {
		return DefaultPriority.String()
	}
	return r.Priority.String()
}

func (r Rule) isDefault() bool { return r.IsDefault || r.Priority == DefaultPriority }

// A Priority is a number from 1 to 50000, or [DefaultPriority]. In JSON it is a number, or text as in the API's answers.
type Priority int

// DefaultPriority is that of the default rule, the last one.
const DefaultPriority Priority = -1

func (p Priority) String() string {
	if p == DefaultPriority {
		return "default"
	}
	return strconv.Itoa(int(p))
}

// MarshalJSON writes text.
func (p Priority) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// UnmarshalJSON reads a number or text.
func (p *Priority) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		s = string(data)
	}
	if s == "default" {
		*p = DefaultPriority
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return fmt.Errorf(`%s is no priority; give a number from 1 to 50000, or "default"`, data)
	}
	*p = Priority(n)
	return nil
}

// A Condition is met when one of its values matches.
type Condition struct {
	Field                   string
	Values                  []string                 `json:",omitempty"` // the older form for host-header and path-pattern
	RegexValues             []string                 `json:",omitempty"`
	HostHeaderConfig        *Patterns                `json:",omitempty"`
	PathPatternConfig       *Patterns                `json:",omitempty"`
	HTTPHeaderConfig        *HTTPHeaderConfig        `json:"HttpHeaderConfig,omitempty"`
	HTTPRequestMethodConfig *HTTPRequestMethodConfig `json:"HttpRequestMethodConfig,omitempty"`
	QueryStringConfig       *QueryStringConfig       `json:",omitempty"`
	SourceIPConfig          *SourceIPConfig          `json:"SourceIpConfig,omitempty"`
}

// Patterns are alternatives with wildcards, or regular expressions.
type Patterns struct {
	Values      []string `json:",omitempty"`
	RegexValues []string `json:",omitempty"`
}

// HTTPHeaderConfig is what a condition of the kind http-header says.
type HTTPHeaderConfig struct {
	HTTPHeaderName string   `json:"HttpHeaderName"`
	Values         []string `json:",omitempty"`
	RegexValues    []string `json:",omitempty"`
}

// HTTPRequestMethodConfig is what a condition of the kind http-request-method says.
type HTTPRequestMethodConfig struct{ Values []string }

// QueryStringConfig is what a condition of the kind query-string says.
type QueryStringConfig struct{ Values []KeyValue }

// A KeyValue is a pair in a query. Without a Key the value may be any key's.
type KeyValue struct {
	Key   string `json:",omitempty"`
	Value string
}

// SourceIPConfig is what a condition of the kind source-ip says.
type SourceIPConfig struct {
	Values        []string
	IPAddressType string `json:"IpAddressType,omitempty"` // for Network Load Balancers
}

// An Action has the configuration that its Type names.
type Action struct {
	Type                string
	Order               int            `json:",omitempty"`
	TargetGroupArn      string         `json:",omitempty"`
	ForwardConfig       *ForwardConfig `json:",omitempty"`
	RedirectConfig      *Redirect      `json:",omitempty"`
	FixedResponseConfig *FixedResponse `json:",omitempty"`

	// How a user logs in is not looked at, except for OnUnauthenticatedRequest.
	AuthenticateOidcConfig    map[string]any `json:",omitempty"`
	AuthenticateCognitoConfig map[string]any `json:",omitempty"`
	JwtValidationConfig       map[string]any `json:",omitempty"`
}

// ForwardConfig distributes requests among target groups.
type ForwardConfig struct {
	TargetGroups                []WeightedGroup
	TargetGroupStickinessConfig *Stickiness `json:",omitempty"`
}

// A WeightedGroup is chosen as often as its share of all weights says. No Weight is 1.
type WeightedGroup struct {
	TargetGroupArn string
	Weight         *int `json:",omitempty"`
}

// Stickiness keeps a client with the target group that it got first.
type Stickiness struct {
	Enabled         bool `json:",omitempty"`
	DurationSeconds int  `json:",omitempty"`
}

// A Redirect names the parts of a URL. Parts that are empty stay what they are.
type Redirect struct {
	Protocol, Host, Port, Path, Query string `json:",omitempty"`
	StatusCode                        string // HTTP_301 or HTTP_302
}

// A FixedResponse is an answer without a function.
type FixedResponse struct {
	StatusCode  string
	ContentType string `json:",omitempty"`
	MessageBody string `json:",omitempty"`
}

// A Transform rewrites the request for the function.
type Transform struct {
	Type                    string
	URLRewriteConfig        *Rewrites `json:"UrlRewriteConfig,omitempty"`
	HostHeaderRewriteConfig *Rewrites `json:",omitempty"`
}

// Rewrites holds the one rewrite of a transform.
type Rewrites struct{ Rewrites []Rewrite }

// A Rewrite replaces what Regex matches; $1 in Replace is its first group.
type Rewrite struct{ Regex, Replace string }
