package alb

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// refuse says what a payload is that no load balancer sent, and what to do.
func refuse(payload []byte) error {
	var top map[string]json.RawMessage
	err := json.Unmarshal(payload, &top)
	if syntax, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // encoding/json returns it as it is
		return fmt.Errorf("alb: the payload is not JSON (offset %d of %d bytes); %s", syntax.Offset, len(payload), sendEvent)
	}
	if top == nil {
		return fmt.Errorf("alb: the payload is %s and not an event; %s", kindOf(payload), sendEvent)
	}
	if name, remedy := recognise(top); name != "" {
		return fmt.Errorf("alb: no event of an Application Load Balancer, it has no requestContext.elb, but of %s; %s", name, remedy)
	}
	return fmt.Errorf("alb: no event of an Application Load Balancer, it has no requestContext.elb (its members: %s); %s", members(top), sendEvent)
}

const (
	sendEvent = "invoke the function through a load balancer's target group, or with a test event in its shape"
	useHTTP   = "register the function in a target group of type lambda, or use an adapter made for that event, such as aws-lambda-go's lambdaurl"
	useOwn    = "give it a function of its own, or look at the payload before it reaches alb.Handler"
)

// foreign tells events apart by a member that only this service's events have: the first that is there decides.
var foreign = [...]struct {
	inContext    bool // the member is one of requestContext
	member       string
	name, remedy string
}{
	{false, "Records", "", useOwn},
	{true, "serviceArn", "VPC Lattice", useHTTP},
	{true, "connectionId", "an API Gateway WebSocket API", useHTTP},
	{true, "http", "API Gateway v2 (an HTTP API) or a Lambda function URL", useHTTP},
	{false, "resource", "API Gateway v1 (a REST API, or payload format 1.0)", useHTTP},
	{true, "stage", "API Gateway v1 (a REST API, or payload format 1.0)", useHTTP},
	{false, "rawPath", "API Gateway v2 (an HTTP API) or a Lambda function URL", useHTTP},
	{false, "detail-type", "EventBridge", useOwn},
	{false, "triggerSource", "Cognito", useOwn},
	{false, "httpMethod", "an unknown service, though it looks like one", `add "requestContext": {"elb": {}} to a test event`},
}

// recognise names the service whose event this is.
func recognise(top map[string]json.RawMessage) (name, remedy string) {
	var requestContext map[string]json.RawMessage
	_ = json.Unmarshal(top["requestContext"], &requestContext) // no object: nil
	for _, f := range &foreign {
		members := top
		if f.inContext {
			members = requestContext
		}
		if members[f.member] == nil {
			continue
		}
		if f.name == "" {
			return recogniseRecords(top["Records"]), f.remedy
		}
		return f.name, f.remedy
	}
	return "", ""
}

// recogniseRecords tells the senders of Records apart by the first of them.
func recogniseRecords(raw json.RawMessage) string {
	var records []struct {
		EventSource string // or eventSource: all but SNS spell it so, and encoding/json does not mind
		CF          json.RawMessage
	}
	if json.Unmarshal(raw, &records) == nil && len(records) > 0 {
		if service, ok := strings.CutPrefix(records[0].EventSource, "aws:"); ok {
			return strings.ToUpper(service)
		}
		if records[0].CF != nil {
			return "CloudFront (Lambda@Edge)"
		}
	}
	return "a service that sends Records"
}

// members lists a few of an object's keys, for a log line.
func members(top map[string]json.RawMessage) string {
	names := slices.Sorted(maps.Keys(top))
	const most = 8
	return fmt.Sprintf("%.40q", names[:min(len(names), most)])
}
