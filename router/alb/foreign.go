package alb

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// refuse says what a payload is that no load balancer sent, and what to do.
func refuse(payload []byte) error {
	if err := json.Unmarshal(payload, new(json.RawMessage)); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return fmt.Errorf("alb: the payload is not JSON (offset %d of %d bytes); %s", syntax.Offset, len(payload), sendEvent)
		}
		return fmt.Errorf("alb: the payload is not JSON; %s", sendEvent)
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(payload, &top) != nil || top == nil {
		return fmt.Errorf("alb: the payload is %s and not an event; %s", kindOf(payload), sendEvent)
	}
	if name, remedy := recognise(top); name != "" {
		return fmt.Errorf("alb: this is an event of %s, not of an Application Load Balancer (it has no requestContext.elb); %s", name, remedy)
	}
	return fmt.Errorf("alb: the payload has no requestContext.elb, so it is no event of an Application Load Balancer (its members: %s); %s", members(top), sendEvent)
}

const (
	sendEvent = "invoke the function through a load balancer's target group, or with a test event in its shape"
	useHTTP   = "register the function in a target group of type lambda, or use an adapter made for that event"
	useOwn    = "give it a function of its own, or look at the payload before it reaches alb.Handler"
)

// recognise names the service whose event this is.
func recognise(top map[string]json.RawMessage) (name, remedy string) {
	var ctx struct {
		HTTP         json.RawMessage `json:"http"`
		DomainName   string          `json:"domainName"`
		Stage        string          `json:"stage"`
		ConnectionID string          `json:"connectionId"`
		ServiceARN   string          `json:"serviceArn"`
	}
	_ = json.Unmarshal(top["requestContext"], &ctx) // what does not fit stays empty
	has := func(name string) bool { return top[name] != nil }
	switch {
	case has("Records"):
		return recogniseRecords(top["Records"])
	case ctx.ServiceARN != "":
		return "VPC Lattice", useHTTP
	case ctx.ConnectionID != "":
		return "an API Gateway WebSocket API", useHTTP
	case ctx.HTTP != nil && strings.Contains(ctx.DomainName, ".lambda-url."):
		return "a Lambda function URL", "use aws-lambda-go's lambdaurl for it, or " + useHTTP
	case ctx.HTTP != nil || text(top["version"]) == "2.0":
		return "API Gateway v2 (an HTTP API) or a Lambda function URL, payload format 2.0", useHTTP
	case has("resource") || ctx.Stage != "" && has("httpMethod"):
		return "API Gateway v1 (a REST API, or payload format 1.0)", useHTTP
	case has("detail-type") && has("source"):
		return "EventBridge", useOwn
	case has("triggerSource") && has("userPoolId"):
		return "Cognito", useOwn
	case has("awslogs"):
		return "CloudWatch Logs", useOwn
	case has("authorizationToken") || has("methodArn"):
		return "API Gateway's Lambda authorizer", useOwn
	case has("httpMethod") && has("path"):
		return "no service that is known: it looks like a load balancer's", `add "requestContext": {"elb": {"targetGroupArn": ""}} if it is a test event`
	}
	return "", ""
}

func recogniseRecords(raw json.RawMessage) (name, remedy string) {
	var records []struct {
		EventSource string          `json:"eventSource"` // SNS writes EventSource: encoding/json folds case
		CloudFront  json.RawMessage `json:"cf"`
	}
	if json.Unmarshal(raw, &records) != nil || len(records) == 0 {
		return "a service that sends Records", useOwn
	}
	known := map[string]string{
		"aws:sqs": "SQS", "aws:sns": "SNS", "aws:s3": "S3", "aws:dynamodb": "DynamoDB Streams", "aws:kinesis": "Kinesis",
		"aws:ses": "SES", "aws:codecommit": "CodeCommit",
	}
	switch name := known[records[0].EventSource]; {
	case name != "":
		return name, useOwn
	case records[0].CloudFront != nil:
		return "CloudFront (Lambda@Edge)", useOwn
	default:
		return "a service that sends Records", useOwn
	}
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s) // no string: ""
	return s
}

// members lists a few of an object's keys, for a log line.
func members(top map[string]json.RawMessage) string {
	if len(top) == 0 {
		return "none"
	}
	const most = 8
	names := slices.Sorted(maps.Keys(top))
	var b strings.Builder
	for i, name := range names[:min(len(names), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(name[:min(len(name), 40)]))
	}
	if len(names) > most {
		b.WriteString(", …")
	}
	return b.String()
}
