package balancer

// The codes that an ALB writes into the error_reason field of its access log when a Lambda target
// fails. The balancer uses the first group by itself; a lambda.Handler chooses among the others by
// returning an [InvokeError]. ELB guide: "Access logs", error reason codes.
const (
	LambdaBadRequest            = "LambdaBadRequest"            // the request cannot be put into an event
	LambdaInvalidResponse       = "LambdaInvalidResponse"       // the function's answer is not a response
	LambdaRequestTooLarge       = "LambdaRequestTooLarge"       // the request's body exceeds 1 MB
	LambdaResponseTooLarge      = "LambdaResponseTooLarge"      // the function's answer exceeds 1 MB
	LambdaUnhandled             = "LambdaUnhandled"             // the function failed, panicked or timed out
	LambdaWebsocketNotSupported = "LambdaWebsocketNotSupported" // the client asked for a WebSocket

	LambdaAccessDenied                         = "LambdaAccessDenied"
	LambdaConnectionError                      = "LambdaConnectionError"
	LambdaConnectionTimeout                    = "LambdaConnectionTimeout" // the client sees 504, not 502
	LambdaEC2AccessDeniedException             = "LambdaEC2AccessDeniedException"
	LambdaEC2ThrottledException                = "LambdaEC2ThrottledException"
	LambdaEC2UnexpectedException               = "LambdaEC2UnexpectedException"
	LambdaENILimitReachedException             = "LambdaENILimitReachedException"
	LambdaInvalidRuntimeException              = "LambdaInvalidRuntimeException"
	LambdaInvalidSecurityGroupIDException      = "LambdaInvalidSecurityGroupIDException"
	LambdaInvalidSubnetIDException             = "LambdaInvalidSubnetIDException"
	LambdaInvalidZipFileException              = "LambdaInvalidZipFileException"
	LambdaKMSAccessDeniedException             = "LambdaKMSAccessDeniedException"
	LambdaKMSDisabledException                 = "LambdaKMSDisabledException"
	LambdaKMSInvalidStateException             = "LambdaKMSInvalidStateException"
	LambdaKMSNotFoundException                 = "LambdaKMSNotFoundException"
	LambdaResourceNotFound                     = "LambdaResourceNotFound"
	LambdaServiceException                     = "LambdaServiceException"
	LambdaSubnetIPAddressLimitReachedException = "LambdaSubnetIPAddressLimitReachedException"
	LambdaThrottling                           = "LambdaThrottling"
	LambdaUnhandledException                   = "LambdaUnhandledException"
)
