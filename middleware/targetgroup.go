package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// AllowTargetGroups answers 403 to requests that did not come through one of these target groups, named by ARN and compared
// exactly. The observer learns which one it was. Health checks carry the ARN as well.
//
// Safe only when nothing but load balancers may invoke the function: whoever else may writes any ARN. The function's
// policy says who may, and should itself name the target group as its aws:SourceArn. Source: Elastic Load Balancing guide, "Use
// Lambda functions as targets of an Application Load Balancer", Permissions to invoke the Lambda function.
//
// A request that came as no event, as on a plain HTTP server, is refused too: leave the middleware out there. The local load
// balancer's target group is set with balancer.WithTargetGroupARN.
//
// AllowTargetGroups panics without ARNs, and if one is not that of a target group. There are no wildcards.
func AllowTargetGroups(arns ...string) func(http.Handler) http.Handler {
	if len(arns) == 0 {
		panic("middleware: AllowTargetGroups was given no ARN and would refuse everything; name the target groups, or leave it out")
	}
	for _, arn := range arns {
		if !isTargetGroupARN(arn) {
			panic(fmt.Sprintf("middleware: AllowTargetGroups was given %q; give the ARN of a target group whole, without wildcards: "+
				"arn:aws:elasticloadbalancing:region:account:targetgroup/name/id", arn))
		}
	}
	allowed := slices.Clone(arns)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ev, ok := alb.FromContext(r.Context())
			switch {
			case !ok:
				problem.Write(w, r, problem.Wrap(errNoEvent, http.StatusForbidden, ""))
			case !slices.Contains(allowed, ev.TargetGroupARN):
				cause := fmt.Errorf("middleware: target group %q is none that AllowTargetGroups allows", ev.TargetGroupARN)
				problem.Write(w, r, problem.Wrap(cause, http.StatusForbidden, ""))
			default:
				next.ServeHTTP(w, r)
			}
		})
	}
}

var errNoEvent = errors.New("middleware: the request came through no target group; leave AllowTargetGroups out off Lambda")

// isTargetGroupARN reports whether s has the form arn:partition:elasticloadbalancing:region:account:targetgroup/name/id.
// Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Elastic Load Balancing V2".
func isTargetGroupARN(s string) bool {
	part := strings.Split(s, ":")
	if len(part) != 6 || strings.ContainsAny(s, "*? \t\r\n") {
		return false
	}
	resource := strings.Split(part[5], "/")
	return part[0] == "arn" && strings.HasPrefix(part[1], "aws") && part[2] == "elasticloadbalancing" && part[3] != "" && part[4] != "" &&
		len(resource) == 3 && resource[0] == "targetgroup" && resource[1] != "" && resource[2] != ""
}
