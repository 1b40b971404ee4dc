package balancer

import (
	"net/http"
	"time"
)

// An Exchange is one request and what became of it.
type Exchange struct {
	Start        time.Time     // when the request arrived
	Duration     time.Duration // until the answer was handed to the HTTP server
	Request      *http.Request // as the server made it; of its body as much is read as was needed
	Method       string        // as the client sent it
	Target       string        // request target as the client sent it
	Status       int           // what the client saw
	TargetStatus int           // what the function answered; 0 when there is no valid answer
	Reason       string        // error_reason of the access log, such as [LambdaInvalidResponse]; "" for none
	Err          error         // a *[Refusal], or why the invocation failed; nil for none
	Findings     []Finding     // what is wrong with the function's response; see [Explain]
	Event        []byte        // the event JSON; nil when none was made. Not to be modified
	Response     []byte        // what the function returned; nil for nothing. Not to be modified
}
